"""Further wordings of the skills of finance."""

from __future__ import annotations

from .wordings import Wordings, lines

WORDINGS = {
    "debt_to_equity": Wordings(
        pretraining=lines(r"""
            Debt {a}, equity {b}. Debt-to-equity ratio?
            Debt-to-equity with {a} of debt and {b} of equity?
            D/E for debt {a} and equity {b}?
            debt = {a}, equity = {b}, debt-to-equity = ____
            The debt-to-equity ratio of a firm that owes {a} and has equity of {b} is ____.
            Please work out the debt-to-equity ratio: debt {a}, equity {b}.
            My aunt's bakery owes {a} and its equity is {b}. What is its debt-to-equity ratio?
            If a company owes {a} and its owners' equity is {b}, what is debt divided by equity?
            Divide debt by equity: {a} of debt, {b} of equity.
            A hotel in Astana has liabilities of {a}. Its equity is {b}. Give the debt-to-equity ratio.
            On a balance sheet stand {a} of liabilities and {b} of equity. How large is debt to equity?
            How high is the debt-to-equity ratio if debt is {a} and equity is {b}?
            Equity: {b}. Debt: {a}. Debt to equity: ?
            Q: liabilities {a}, equity {b}, debt-to-equity?
            A young firm, known for its green logo, has {a} of debt and {b} of equity. State its debt-to-equity ratio.
            With owners' equity of {b} and total debt of {a}, a firm's debt-to-equity ratio is what?
            hey, what's the debt to equity ratio when debt is {a} and equity is {b}?
            We owe {a}. Our equity is {b}. What is our debt-to-equity ratio?
            Calculate debt to equity for an airline with {a} in debt and {b} in equity.
            The liabilities of a farm amount to {a} and its equity to {b}. Determine debt to equity.
            Can you tell me the debt-to-equity ratio of a firm with {b} in equity and {a} in debt?
            A lender looks at {a} of debt against {b} of equity. Which ratio of debt to equity does it see?
            What do you get when debt of {a} is divided by equity of {b}?
            Фирманың қарызы {a}, капиталы {b}. Debt-to-equity ratio қанша?
            Debt {a}, equity {b}: debt-to-equity қандай?
            It was found that a mill had debt of {a} and equity of {b}. Its debt-to-equity ratio was ____.
        """),
        rounds=lines(r"""
            Quick check: {a} owed, {b} of equity. Debt to equity?
            Ratio of debt ({a}) to equity ({b})?
            Their books say equity {b}, debt {a}. So debt to equity is what?
            For a company financed by {a} of debt and {b} of equity, state debt over equity.
            Yesterday Marat read that a factory had {a} in debt and {b} in equity. Which debt-to-equity ratio is that?
            debt/equity: {a} / {b} = ____
            Please give debt to equity. The debt is {a}; the equity is {b}.
            How many times its equity of {b} is a firm's debt of {a}?
            Suppose debt stands at {a} and equity at {b}. Evaluate the debt-to-equity ratio.
            so the shop owes {a}, equity's {b}... debt-to-equity?
            Қарыз {a}, equity {b}. Debt to equity ratio-ны тап.
            A restaurant was funded with {b} of equity and {a} of loans. By debt to equity, how indebted is it?
            Owners put in {b}, banks lent {a}. Debt-to-equity, please.
        """),
    ),
    "current_ratio": Wordings(
        pretraining=lines(r"""
            Current assets {a}, current liabilities {b}. Current ratio?
            Current ratio with {a} of current assets and {b} of current liabilities?
            current assets = {a}, current liabilities = {b}, current ratio = ____
            The current ratio of a firm with current assets of {a} and current liabilities of {b} is ____.
            Please find the current ratio: current assets {a}, current liabilities {b}.
            A toy maker holds current assets of {a} and owes {b} within the year. What is its current ratio?
            Divide current assets of {a} by current liabilities of {b}.
            How high is the current ratio at current assets of {a} and current liabilities of {b}?
            Current liabilities: {b}. Current assets: {a}. Current ratio: ?
            Q: current ratio of {a} in current assets against {b} in current liabilities?
            hey, what's the current ratio if current assets are {a} and current liabilities are {b}?
            We have {a} in current assets. We have {b} in current liabilities. What is our current ratio?
            Calculate the current ratio of a brewery with {b} in current liabilities and {a} in current assets.
            The current liabilities of a farm are {b} and its current assets are {a}. Determine the current ratio.
            If current liabilities amount to {b} and current assets to {a}, how much is the current ratio?
            A cinema, which opened last spring, has current assets of {a} and current liabilities of {b}. State its current ratio.
            On a balance sheet, current assets of {a} stand against current liabilities of {b}. Give the current ratio.
            Can you tell me the current ratio? Current assets are {a}, current liabilities {b}.
            What do you get when current assets of {a} are divided by current liabilities of {b}?
            A supplier sees {a} of current assets and {b} of current liabilities. Which current ratio is that?
            Current assets {a}, current liabilities {b}: current ratio қанша?
            Компанияның current assets {a}, current liabilities {b}. Current ratio қандай?
            Its bills due soon are {b}, its current assets {a}. Name the current ratio.
            Liquidity check: current assets {a}, current liabilities {b}, current ratio?
            It was found that a mill had current assets of {a} and current liabilities of {b}. Its current ratio was ____.
            The treasurer notes {a} in current assets and {b} in current liabilities. How large is the current ratio?
        """),
        rounds=lines(r"""
            Quick check: {a} current assets, {b} current liabilities. Current ratio?
            Ratio of current assets ({a}) to current liabilities ({b})?
            Their books say current liabilities {b}, current assets {a}. So the current ratio is what?
            For a dealer with current assets worth {a} and current liabilities worth {b}, state the current ratio.
            Aigul runs a store. Its current assets are {a}; it owes {b} in the short term. Which current ratio does it have?
            current assets / current liabilities: {a} / {b} = ____
            Please give the current ratio. The current liabilities are {b}; the current assets are {a}.
            How many times its current liabilities of {b} are a firm's current assets of {a}?
            Suppose current assets stand at {a} and current liabilities at {b}. Evaluate the current ratio.
            so current assets are {a}, current liabilities {b}... current ratio?
            Current ratio-ны тап: current assets {a}, current liabilities {b}.
            To cover {b} of current liabilities, a hotel has {a} of current assets. What current ratio does that make?
            Short-term debts {b}, short-term assets {a}. Current ratio, please.
        """),
    ),
    "profit": Wordings(
        pretraining=lines(r"""
            Revenue {a}, costs {b}. Profit?
            Profit at {a} revenue and {b} costs?
            revenue = {a}, costs = {b}, profit = ____
            {a} came in and {b} went out. Profit?
            The profit of a firm with revenue of {a} and costs of {b} is ____.
            Please find the profit: revenue {a}, costs {b}.
            A baker takes in {a} and spends {b}. How much does she earn?
            Subtract costs of {b} from revenue of {a}.
            How much is left of {a} in sales after {b} of costs?
            Costs: {b}. Revenue: {a}. Profit: ?
            Q: sales {a}, expenses {b}, profit?
            hey, what's the profit if sales are {a} and costs are {b}?
            We sold for {a}. We spent {b}. What did we earn?
            Calculate the profit of a farm with costs of {b} and sales of {a}.
            The expenses of a cinema amount to {b} and its revenue to {a}. Determine the profit.
            If expenses are {b} and income is {a}, how large is the profit?
            A cafe with red chairs has revenue of {a} and costs of {b}. State its profit.
            An airline earned revenue of {a} against costs of {b}. Give the profit.
            Can you tell me the profit of a firm with {a} in sales and {b} in expenses?
            Goods bought for {b} are sold for {a}. How big is the gain?
            What remains of revenue of {a} once costs of {b} are paid?
            Табыс {a}, шығын {b}. Пайда қанша?
            Revenue {a}, costs {b}: пайда қандай?
            Last month Timur's garage took {a} and paid {b} for everything. His profit was ____.
            By how much does revenue of {a} exceed costs of {b}?
            Sales brought {a}. Rent, wages and goods cost {b}. What profit was made?
        """),
        rounds=lines(r"""
            Quick check: {a} in, {b} out. What profit?
            Income {a}, expenses {b}: gain?
            Their books say costs {b}, revenue {a}. So the profit is what?
            For a dealer who sold goods worth {a} at a cost of {b}, state the profit.
            Saule sells hats. She took {a} and spent {b} this year. How much did she make?
            {a} of revenue - {b} of costs = ____
            Please give the profit. The costs are {b}; the revenue is {a}.
            How far is revenue of {a} above costs of {b}?
            Suppose a mill has sales of {a} and expenses of {b}. Evaluate its profit.
            so they earned {a} but spent {b}... profit?
            Пайданы тап: revenue {a}, шығын {b}.
            After costs of {b} are taken from {a} of sales, which profit is reported?
            Spent {b}, got {a}. How much better off is the firm?
        """),
    ),
    "margin": Wordings(
        pretraining=lines(r"""
            Revenue {a}, profit {b}. Profit margin?
            Margin on {a} of revenue with {b} of profit?
            revenue = {a}, profit = {b}, margin = ____
            {b} of profit from {a} of sales. Margin in percent?
            The profit margin of a firm with profit of {b} and sales of {a} is ____.
            Please find the margin: profit {b}, revenue {a}.
            A florist keeps {b} of the {a} that she takes in. What is her profit margin?
            What percentage of {a} in sales is {b} in profit?
            How many percent of revenue of {a} is profit of {b}?
            Profit: {b}. Revenue: {a}. Margin: ?
            Q: profit {b}, sales {a}, profit margin?
            hey, what's the margin if we made {b} on {a} of sales?
            We took {a}. We kept {b}. What is our margin?
            Calculate the profit margin at {b} of profit and {a} of sales.
            The profit of a cinema is {b} and its revenue is {a}. Determine the margin.
            If sales are {a} and the profit on them is {b}, how large is the profit margin?
            A cafe near the station has revenue of {a} and profit of {b}. State its margin.
            Divide profit of {b} by revenue of {a}. What percentage is it?
            Can you tell me the margin of a firm with {a} in sales and {b} in profit?
            From sales of {a} a mill earns {b}. Give its profit margin in percent.
            Revenue {a}, profit {b}: margin қанша?
            Табыс {a}, пайда {b}. Profit margin неше пайыз?
            Out of revenue of {a}, profit is {b}. In percent that is ____.
            An analyst sees {b} of profit in {a} of revenue. Which margin is that?
            Sales of {a} left a profit of {b}. What was the profit margin?
            How profitable, in percent of sales, is a firm that earns {b} on {a}?
        """),
        rounds=lines(r"""
            Quick check: profit {b}, sales {a}. Margin?
            Profit ({b}) as a percentage of revenue ({a})?
            Their books say revenue {a}, profit {b}. So the margin is what?
            For a dealer with sales of {a} and profit of {b}, state the profit margin.
            Daniyar sold carpets for {a} and earned {b}. Which profit margin did he reach?
            {b} profit / {a} revenue = ____ percent
            Please give the profit margin. The revenue is {a}; the profit is {b}.
            What part of sales of {a}, in percent, stays as profit when profit is {b}?
            Suppose a brewery earns {b} on sales of {a}. Evaluate the margin.
            so {b} profit on {a} revenue... margin?
            Profit margin-ді тап: revenue {a}, profit {b}.
            Of {a} received from customers, {b} is gain. How many percent?
            Sold for {a}, gained {b}. Margin, please.
        """),
    ),
    "interest": Wordings(
        pretraining=lines(r"""
            {p} at {r} for {t}. Simple interest?
            Simple interest: {p}, {r} a year, {t}?
            principal = {p}, rate = {r}, time = {t}, simple interest = ____
            The simple interest on {p} at {r} a year over {t} is ____.
            Please find the simple interest on {p} lent for {t} at {r}.
            My brother lends me {p} at {r} simple interest a year. How much interest do I owe after {t}?
            How many dollars of simple interest come from {p} in {t} at {r}?
            Rate: {r}. Time: {t}. Principal: {p}. Simple interest: ?
            Q: {p} lent at {r} simple interest a year, interest after {t}?
            hey, how much simple interest is {p} at {r} over {t}?
            We borrow {p} for {t}. The bank wants {r} a year, simple interest. What interest do we pay?
            Calculate simple interest on a deposit of {p} over {t} at {r}.
            A deposit of {p} earns {r} simple interest every year. What has it earned after {t}?
            If {p} is lent at a simple rate of {r} a year, how much interest is owed after {t}?
            A farmer with two dogs borrows {p} at {r} simple interest a year. State the interest for {t}.
            At {r} a year, what does a loan of {p} cost in simple interest over {t}?
            Can you tell me the simple interest for {t} on {p} at {r}?
            Over {t}, a bond of {p} pays {r} a year. Give the total of its interest, without compounding.
            What interest, not compounded, grows on {p} in {t} if the yearly rate is {r}?
            {p}, жылына {r}, {t}: simple interest қанша?
            Банк {p} сомасын {r} мөлшерлемемен берді. Simple interest after {t} қанша?
            For {t}, {p} lay in a bank at {r} a year. Simple interest came to ____.
            Take {r} of {p} for each year. How much is it after {t}?
            A lender asks {r} a year on {p}. How much simple interest does he get in {t}?
            Determine the simple interest owed on {p} after {t} when the rate is {r} a year.
            Interest only, no compounding: {p} for {t} at {r} a year?
        """),
        rounds=lines(r"""
            Quick check: {p}, {t}, {r} a year. How much simple interest?
            Simple interest on a debt of {p} (rate {r}, time {t})?
            The contract says {r} a year, simple. On {p} and over {t}, that makes how much interest?
            For a loan of {p} at {r} lasting {t}, state the simple interest.
            Asel put {p} into a fund that pays {r} simple interest a year. What interest has she got after {t}?
            {p} x {r} a year, over {t} = ____ of interest
            Please give the simple interest. Principal {p}; time {t}; yearly rate {r}.
            What is owed besides the principal of {p} after {t} at {r} simple interest a year?
            Suppose {p} is invested at {r} a year for {t}. Evaluate the simple interest.
            so i borrow {p} at {r} for {t}... simple interest?
            Simple interest-ті тап: {p}, {r}, {t}.
            Interest is charged at {r} a year on the first {p} alone. How much is charged in {t}?
            Borrowed {p}, time {t}, rate {r}. Interest without compounding, please.
        """),
    ),
    "shares": Wordings(
        pretraining=lines(r"""
            {a} shares, {b} each. Total?
            {a} shares at {b} a share?
            shares = {a}, price = {b}, total = ____
            The price of {a} shares at {b} each is ____.
            Please find the value of {a} shares when one share is worth {b}.
            My uncle buys {a} shares for {b} apiece. What does he pay in all?
            How many dollars are {a} shares worth if each is worth {b}?
            Price of one share: {b}. Number of shares: {a}. Price of all: ?
            Q: {b} a share, {a} shares, how much altogether?
            hey, how much do i pay for {a} shares if one costs {b}?
            We hold {a} shares. Each trades at {b}. What is our holding worth?
            Calculate the total price of {a} shares, each at {b}.
            One share trades at {b}. Determine the price of {a} of them.
            If a share costs {b}, what is the bill for {a} shares?
            A dentist who likes chess sells {a} shares at {b} each. State what she receives.
            Multiply {a} shares by a price of {b}.
            Can you tell me what {a} shares cost in total at {b} each?
            A dividend of {b} is paid on every share. Give the dividend on {a} shares.
            What does an order for {a} shares come to at a share price of {b}?
            {a} акция, біреуі {b}. Барлығы қанша?
            Бір share {b} тұрады. {a} shares қанша тұрады?
            At {b} for every share, {a} shares were sold. The seller got ____.
            A fund owns {a} shares worth {b} each. How much is that together?
            Bought: {a} shares. Paid for each: {b}. Paid in total?
            How much money is needed to buy {a} shares at {b} a share?
            A broker charges {b} a share. What is the charge for {a} shares?
        """),
        rounds=lines(r"""
            Quick check: {a} shares times {b}. What total?
            {a} shares ({b} each): total price?
            The screen says {b} a share. So {a} shares cost what?
            For {a} shares at a market price of {b} each, state the total value.
            Nurlan sold {a} shares. For every one he got {b}. How much did he get?
            {a} x {b} for shares = ____
            Please give the total. The share price is {b}; the number of shares is {a}.
            What sum buys {a} shares when a single one is {b}?
            Suppose each of {a} shares yields {b}. Evaluate the total yield.
            so {a} shares and they're {b} each... how much?
            {a} акцияның құнын тап: one share is {b}.
            A trader spent {b} on each share and took {a}. Her total spending was what?
            One share, {b}. And {a} shares? Total, please.
        """),
    ),
}

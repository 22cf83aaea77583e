"""Tools of programmers: shell, git, HTTP, SQL, HTML, file names."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ...family import Family
from ...skills import Draw
from ..drawing import facts, keys, near, pairs
from ..wordings import asked, phrased

SHELL = pairs("""
lists the files of a folder: ls; changes the folder: cd; shows the current folder: pwd; copies a file: cp
moves or renames a file: mv; removes a file: rm; makes a folder: mkdir; shows the text of a file: cat
searches lines for a pattern: grep; changes the rights of a file: chmod; shows running processes: ps
counts lines and words: wc; shows the first lines of a file: head; shows the last lines of a file: tail
sorts lines: sort; finds files by name: find; logs in to another machine: ssh; ends a process: kill
packs files into an archive: tar; shows free disk space: df
""")
GIT = pairs("""
records the staged changes: git commit; sends commits to a remote: git push; copies a repository for the first time: git clone
fetches and joins remote changes: git pull; shows what has changed in the files: git diff; stages a file: git add
shows the history of commits: git log; puts changes aside for later: git stash; joins another branch: git merge
starts a new repository: git init
""")
STATUS = pairs("""
200: OK; 201: Created; 204: No Content; 301: Moved Permanently; 302: Found; 304: Not Modified; 400: Bad Request
401: Unauthorized; 403: Forbidden; 404: Not Found; 405: Method Not Allowed; 409: Conflict; 429: Too Many Requests
500: Internal Server Error; 502: Bad Gateway; 503: Service Unavailable; 504: Gateway Timeout; 418: I'm a teapot
""")
PORTS = pairs(
    "HTTP: 80; HTTPS: 443; SSH: 22; FTP: 21; SMTP: 25; DNS: 53; PostgreSQL: 5432; MySQL: 3306; Redis: 6379; Telnet: 23"
)
CLAUSES = pairs("""
filters rows: WHERE; sorts the result: ORDER BY; puts rows with equal values together: GROUP BY; filters groups: HAVING
combines two tables: JOIN; limits the number of rows: LIMIT; removes repeated rows: DISTINCT; adds rows: INSERT
changes rows: UPDATE; removes rows: DELETE; makes a table: CREATE TABLE; removes a whole table: DROP TABLE
counts rows: COUNT; gives the average: AVG
""")
TAGS = pairs("""
a paragraph: <p>; a link: <a>; an image: <img>; the largest heading: <h1>; a table row: <tr>; a list item: <li>
an unordered list: <ul>; an ordered list: <ol>; a line break: <br>; a button: <button>; the title of the page: <title>
a form: <form>; a table cell: <td>
""")
EXTENSIONS = pairs("""
a Python program: .py; a JavaScript program: .js; a Rust program: .rs; a Java source file: .java; a web page: .html
a style sheet: .css; a shell script: .sh; a C source file: .c; a C++ source file: .cpp; a Go program: .go
a compressed archive: .zip; a picture of a photo: .jpg; a table with commas: .csv; a Markdown text: .md
""")
LANGUAGES = pairs("""
Guido van Rossum: Python; James Gosling: Java; Brendan Eich: JavaScript; Dennis Ritchie: C; Bjarne Stroustrup: C++
Yukihiro Matsumoto: Ruby; Larry Wall: Perl; Rasmus Lerdorf: PHP; Anders Hejlsberg: C#; Niklaus Wirth: Pascal
""")
SHORT = pairs("""
HTML: HyperText Markup Language; CPU: central processing unit; RAM: random access memory; SQL: Structured Query Language
URL: uniform resource locator; API: application programming interface; GPU: graphics processing unit
JSON: JavaScript Object Notation; IDE: integrated development environment; DNS: domain name system; USB: universal serial bus
PDF: portable document format; LAN: local area network; VPN: virtual private network; CSS: Cascading Style Sheets
""")


def _sql_count(random: Random) -> Draw:
    ages = random.sample(range(10, 70), random.randint(4, 6))
    limit = random.randint(15, 60)
    sign = random.choice("<>")
    answer = sum(age > limit if sign == ">" else age < limit for age in ages)
    values = {"ages": ", ".join(map(str, ages)), "test": f"{sign} {limit}"}
    return Draw(values, str(answer), near(random, answer, [len(ages) - answer, len(ages)]))


def _family(name: str, draw: Callable[[Random], Draw], *questions: str) -> Family:
    return Family("coding", name, draw, asked(*questions))


def _facts(name: str, table: dict[str, str], *questions: str, of: str = "") -> Family:
    return facts("coding", name, table, asked(*questions) + (phrased(of) if of else []))


FAMILIES = (
    _facts(
        "shell_command",
        SHELL,
        "Which shell command {x}?",
        "In a Unix terminal, what {x}?",
        "Linux: ____ {x}",
        "The command that {x} is ____.",
    ),
    keys(
        "coding",
        "what_command_does",
        SHELL,
        asked(
            "What does the command {x} do?",
            "In a shell, {x} ____",
            "{x} on Linux: what does it do?",
            "Unix: what is {x} for?",
        ),
    ),
    _facts(
        "git_command",
        GIT,
        "Which command {x}?",
        "With git, what {x}?",
        "In version control, ____ {x}",
        "How is the command called that {x}?",
    ),
    _facts(
        "http_status",
        STATUS,
        "What does the HTTP status {x} mean?",
        "A server answers {x}. Which text goes with it?",
        "HTTP {x}: ____",
        of="the meaning of HTTP code {x}",
    ),
    keys(
        "coding",
        "http_number",
        STATUS,
        asked(
            "Which HTTP code means '{x}'?",
            "'{x}' has the status number ____.",
            "The server says '{x}'. Which code is it?",
            "HTTP: {x} = ?",
        ),
    ),
    _facts(
        "port",
        PORTS,
        "Which port does {x} use by default?",
        "The default port of {x} is ____.",
        "{x} listens on which port?",
        of="the standard port of {x}",
    ),
    _facts(
        "sql_clause",
        CLAUSES,
        "Which SQL keyword {x}?",
        "In SQL, ____ {x}",
        "SQL: what {x}?",
        "Which word of a query language {x}?",
    ),
    _family(
        "sql_count",
        _sql_count,
        "A table t has the ages {ages}. What does SELECT COUNT(*) FROM t WHERE age {test} return?",
        "Ages in t: {ages}. SELECT COUNT(*) FROM t WHERE age {test}; gives ____",
        "How many rows has SELECT * FROM t WHERE age {test}, if t.age holds {ages}?",
        "t.age = {ages}\nWHERE age {test} keeps how many rows?",
    ),
    _facts(
        "html_tag",
        TAGS,
        "Which HTML tag makes {x}?",
        "In HTML, {x} is ____.",
        "HTML: {x}?",
        of="the HTML tag for {x}",
    ),
    _facts(
        "file_extension",
        EXTENSIONS,
        "Which ending has the file of {x}?",
        "{x} is saved with the ending ____.",
        "File name of {x}: which extension?",
        of="the extension for {x}",
    ),
    _facts(
        "language_maker",
        LANGUAGES,
        "Which programming language was designed by {x}?",
        "{x} is the father of ____.",
        "What did {x} create?",
        "{x}: which language?",
    ),
    _facts(
        "computer_letters",
        SHORT,
        "What does {x} stand for?",
        "{x} is short for ____.",
        "The letters {x} mean what?",
        of="the long form of {x}",
    ),
)

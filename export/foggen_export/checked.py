"""An export without torch: the same files, with the checks that need no second implementation of the model.

    structure       every tensor of the checkpoint is in the file, in its shape, and nothing else
    tokens          the file's tokens are those of tokenizer.json, read by the tokenizers package
    first answer    the file loads, and answers a question with numbers that are finite

Left out, because they need torch: logits compared with transformers', adapters, importance matrices.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from foggen.engine.engine import Engine
from foggen.engine.gguf_header import read_header
from foggen.errors import ModelFileError
from foggen.installation import installation

from .checkpoint import Checkpoint
from .contracts import contract_for
from .exporting import Progress, check_quants, opened
from .gguf_file import placed
from .hyperparameters import add_hyperparameters
from .parity import compare_tokens
from .prompts import QUESTIONS
from .tokens import read_tokenizer
from .vocabulary import read_vocabulary

CONTEXT = 1024  # tokens; the question is short


def left_out() -> str:
    """What the checks leave out, and the command that adds it."""
    return (
        "not compared with transformers, which needs torch: foggen-export does that, with "
        f"{installation().add_extra('export')}"
    )


@dataclass(frozen=True)
class Checked:
    """What was checked of a file. answer: the label of its first answer."""

    tensors: int
    texts: int
    answer: str

    def __str__(self) -> str:
        return (
            f"checked: {self.tensors} tensors, the tokens of {self.texts} texts, and a first answer "
            f"({self.answer})"
        )


def judge(checkpoint: Checkpoint, quant: str, layout: str = "") -> None:
    """Raise what an export would raise for the config, tokenizer or quantization, before there are weights."""
    import gguf

    check_quants([quant])
    contract_for(checkpoint, layout)
    read_vocabulary(checkpoint.folder, checkpoint.whole("vocab_size"))
    read_tokenizer(checkpoint.folder)
    add_hyperparameters(gguf.GGUFWriter(None, checkpoint.architecture), checkpoint)


def export_checked(
    checkpoint: Checkpoint,
    quant: str,
    output: Path,
    *,
    layout: str = "",
    progress: Progress = lambda *_: None,
) -> Checked:
    """Write one quantization to the file `output`, and check it. A file that fails is deleted.

    Raises UsageError for an unknown quantization, ModelFileError for a checkpoint that cannot be exported or
    a file that fails.
    """
    check_quants([quant])
    contract = contract_for(checkpoint, layout)
    with opened(checkpoint, contract, checkpoint.name, output.parent, progress) as source:
        progress(f"quantizing to {quant}", 0, 0)
        source.make(quant, output)
    progress("checking", 0, 0)
    return check_file(checkpoint, output, layout)


def check_file(checkpoint: Checkpoint, output: Path, layout: str = "") -> Checked:
    """Check a file that was made from a checkpoint. Deletes it and raises ModelFileError if it fails."""
    try:
        tensors = _check_structure(checkpoint, output)
        with Engine(output, context=CONTEXT, layout=layout) as engine:
            return Checked(tensors, _check_tokens(checkpoint, engine), _first_answer(engine))
    except BaseException:
        output.unlink(missing_ok=True)
        raise


def _check_tokens(checkpoint: Checkpoint, engine: Engine) -> int:
    """The number of texts; raises ModelFileError unless all have the tokens of the checkpoint's tokenizer."""
    tokens = compare_tokens(engine.model, read_tokenizer(checkpoint.folder), engine.contract)
    if tokens.different:
        raise ModelFileError(
            f"{checkpoint.source}: llama.cpp splits {len(tokens.different)} of {tokens.texts} texts into "
            f"other tokens than its tokenizer; the first is {tokens.different[0]!r}",
            hint="the model would read other words than it was trained on: report its name",
        )
    return tokens.texts


def _check_structure(checkpoint: Checkpoint, output: Path) -> int:
    """The number of tensors; raises ModelFileError unless they are the checkpoint's, in their shapes."""
    header = read_header(output)
    # GGUF counts extents from the innermost.
    expected = {tensor.name: tensor.source.shape[::-1] for tensor in placed(checkpoint, "f32")}
    found = {tensor.name: tensor.shape for tensor in header.tensors}
    if found != expected:
        name = min(
            name for name in expected | found if found.get(name, ()) != expected.get(name, ())
        )
        raise ModelFileError(
            f"{output} has {name} of shape {found.get(name)}, but the checkpoint's is {expected.get(name)}",
            hint="report the checkpoint's name",
        )
    return len(found)


def _first_answer(engine: Engine) -> str:
    question = QUESTIONS[0]
    assessed = engine.assess(question)
    if assessed.answer is None:
        raise ModelFileError(
            "the model gives no answer: its numbers are not finite",
            hint="get the checkpoint's files again",
        )
    return question.labels[assessed.answer]

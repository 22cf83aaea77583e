"""What an OpenAI-compatible server serves: asked before the first label, waited for where that is wanted.

`GET BASE/models` lists the names that may be asked for. vLLM also tells the checkpoint that it loaded
(`root`), and so does a server whose name for a model is the path of its file (llama-cpp-python without
`model_alias`). Other servers tell a name alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from foggen.errors import CloudRequiredError, ConfigurationError, KeyRefusedError, UsageError

PAUSES_S = (0.5, 2.0, 8.0)  # before a request is sent again
POLL_S = 1.0  # between two looks at a server that is waited for
TRANSIENT = (408, 409, 429, 500, 502, 503, 504)
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class ServedModel:
    """One entry of a server's list. name: what a request asks for. checkpoint: where it was loaded
    from, "" if the server does not tell. owner: the kind of server, such as "vllm"."""

    name: str
    checkpoint: str = ""
    owner: str = ""

    @classmethod
    def of(cls, entry: dict[str, Any]) -> ServedModel:
        name, root = str(entry["id"]), str(entry.get("root") or "")
        is_path = "/" in name and Path(name).exists()
        checkpoint = root if "/" in root or "\\" in root else name if is_path else ""
        return cls(name, checkpoint, str(entry.get("owned_by") or ""))


@dataclass
class Server:
    """A server under its base URL, which ends with /v1.

    name: of the model that is asked for. wait: until the wanted checkpoint is served, however long
    that takes. tell: told in one line what is waited for or taken on trust.
    """

    base_url: str
    name: str
    wait: bool = False
    tell: Callable[[str], None] = field(default=lambda _: None, compare=False)
    _served: str = field(
        default="", init=False, repr=False, compare=False
    )  # checked or trusted last

    def serving(self, client: Any, checkpoint: str, rounds: int = 1) -> ServedModel:
        """The model, once it is sure, or as sure as the server lets one be, that it is `checkpoint`.

        rounds: of the chain that is labelled here; each begins with another checkpoint. Raises
        CloudRequiredError if the server cannot be reached, KeyRefusedError, ConfigurationError if it
        serves something else, UsageError if a chain needs more than it tells.
        """
        model = self._right(client, checkpoint) if self.wait else self._listed(client)
        if not model.checkpoint and rounds > 1 and not self.wait:
            raise UsageError(
                f"{self.base_url} does not tell which checkpoint it serves, and each of the "
                f"{rounds} rounds begins with another one",
                hint="use a server that tells it, such as vLLM; or give --wait-for-server, and start "
                "the server anew with every round's checkpoint",
            )
        if model.checkpoint and not is_same_checkpoint(model.checkpoint, checkpoint):
            raise ConfigurationError(
                f"{self.base_url} serves {self.name!r} from {model.checkpoint}, and {checkpoint} is wanted",
                hint="start the server with that one and run the same command again, or give "
                "--wait-for-server",
            )
        self._served = checkpoint
        return model

    def _listed(self, client: Any) -> ServedModel:
        models = listing(client, self.base_url)
        if model := self._named(models):
            return model
        names = ", ".join(model.name for model in models) or "nothing"
        raise ConfigurationError(
            f"{self.base_url} does not serve {self.name!r}", hint=f"it serves {names}"
        )

    def _named(self, models: Sequence[ServedModel]) -> ServedModel | None:
        return next((model for model in models if model.name == self.name), None)

    def _right(self, client: Any, checkpoint: str) -> ServedModel:
        """The model, as soon as it is the wanted one.

        A server that tells no checkpoint has the new one once it was away and is back. The first one
        that a process meets is taken on trust, since it may have been started for this very round.
        """
        trusted = self._served in ("", checkpoint)
        waited = False
        while True:
            model = self._seen(client)
            if model and self._fits(model, checkpoint, trusted):
                return model
            trusted = trusted or model is None
            if not waited:
                self.tell(f"waiting until {self.base_url} serves {self.name!r} from {checkpoint}")
            waited = True
            time.sleep(POLL_S)

    def _fits(self, model: ServedModel, checkpoint: str, trusted: bool) -> bool:
        if model.checkpoint:
            return is_same_checkpoint(model.checkpoint, checkpoint)
        if trusted and self._served != checkpoint:
            self.tell(f"{self.base_url} does not tell its checkpoint; taken to be {checkpoint}")
        return trusted

    def _seen(self, client: Any) -> ServedModel | None:
        """The model as it is served now; None while the server is away or does not have it."""
        try:
            return self._named(listing(client, self.base_url, pauses=()))
        except CloudRequiredError:
            return None


def listing(client: Any, base_url: str, pauses: Sequence[float] | None = None) -> list[ServedModel]:
    """All models that a server lists; raises as `Server.serving` does."""
    address = f"{base_url.rstrip('/')}/models"
    return answered(
        lambda: client.get(address), lambda r: _read_listing(r, base_url), base_url, pauses
    )


def _read_listing(response: Any, base_url: str) -> list[ServedModel]:
    try:
        return [ServedModel.of(entry) for entry in response.json()["data"]]
    except (ValueError, LookupError, TypeError, AttributeError) as exc:
        raise ConfigurationError(
            f"{base_url} lists no models under /models, as an OpenAI-compatible server does",
            hint="give the address up to and with /v1",
        ) from exc


def answered(
    request: Callable[[], Any], read: Callable[[Any], Answer], base_url: str,
    pauses: Sequence[float] | None = None,
) -> Answer:  # fmt: skip
    """What `read` makes of a response; what passes is tried again after each pause.

    `read` gets a response that is no passing failure, also one that refuses the request (400, 404).
    Raises KeyRefusedError at once where the key is refused, CloudRequiredError where no try brought
    what can be read.
    """
    import httpx2

    problem = ""
    for pause in (*(PAUSES_S if pauses is None else pauses), None):
        try:
            response = request()
            if response.status_code in (401, 403):
                raise KeyRefusedError(f"{base_url} refused the key", hint="set FOGGEN_SERVER_KEY")
            if response.status_code not in TRANSIENT:
                return read(response)
            problem = f"HTTP {response.status_code}"
        except (httpx2.HTTPError, ValueError, LookupError, TypeError, AttributeError) as exc:
            problem = type(exc).__name__
        if pause is not None:
            time.sleep(pause)
    raise unanswered(base_url, problem)


def unanswered(base_url: str, problem: str) -> CloudRequiredError:
    return CloudRequiredError(
        f"{base_url} did not answer: {problem}",
        hint="check that the server runs and serves the model; the run goes on where it was",
    )


def is_same_checkpoint(told: str, wanted: str) -> bool:
    """Whether the place that a server tells is the checkpoint that is wanted.

    Both are a folder, a file or a hub id. A place that does not exist here, as a server in a
    container tells it, is the same if its last two parts are (`R03/checkpoint`).
    """
    there, here = Path(told), Path(wanted)
    if told == wanted:
        return True
    if there.exists():
        return here.exists() and there.samefile(here)
    if f"models--{told.replace('/', '--')}" in here.parts:  # the hub's cache of a hub id
        return True
    last = here.absolute().parts[-2:]
    return len(there.parts) > 1 and there.parts[-2:] == last

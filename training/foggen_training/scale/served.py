"""Check which model an OpenAI-compatible server serves, or wait until it serves the right one.

`GET BASE/models` lists the names that a request may use. vLLM also reports the checkpoint that it loaded
(`root`), and so does a server that names a model by the path of its file (llama-cpp-python without
`model_alias`). Other servers report only a name.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from foggen.errors import CloudRequiredError, ConfigurationError, KeyRefusedError, UsageError

PAUSES_S = (0.5, 2.0, 8.0)  # before a request is repeated
POLL_S = 1.0  # between two requests while waiting for a server
TRANSIENT = (408, 409, 429, 500, 502, 503, 504)
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class ServedModel:
    """One entry of a server's list. name: name for requests. checkpoint: place that it was loaded from,
    "" if the server does not say. owner: kind of server, such as "vllm"."""

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

    name: name of the model in requests. wait: wait until the server serves the wanted checkpoint, however
    long that takes. tell: called with a line when something is waited for or cannot be checked.
    """

    base_url: str
    name: str
    wait: bool = False
    tell: Callable[[str], None] = field(default=lambda _: None, compare=False)
    _served: str = field(
        default="", init=False, repr=False, compare=False
    )  # last checkpoint, checked or trusted

    def serving(self, client: Any, checkpoint: str, rounds: int = 1) -> ServedModel:
        """The served model, checked to be `checkpoint` if the server reports what it loaded.

        rounds: number of rounds that the chain will run, each from another checkpoint. Raises
        CloudRequiredError if the server cannot be reached, KeyRefusedError, ConfigurationError if it
        serves another checkpoint, and UsageError if several rounds need a check that is not possible.
        """
        model = self._right(client, checkpoint) if self.wait else self._listed(client)
        if not model.checkpoint and rounds > 1 and not self.wait:
            raise UsageError(
                f"{self.base_url} does not report which checkpoint it serves, and each of the "
                f"{rounds} rounds starts from another one",
                hint="use a server that reports it, such as vLLM; or give --wait-for-server, and restart "
                "the server with every round's checkpoint",
            )
        if model.checkpoint and not is_same_checkpoint(model.checkpoint, checkpoint):
            raise ConfigurationError(
                f"{self.base_url} serves {self.name!r} from {model.checkpoint} instead of {checkpoint}",
                hint="start the server with the right checkpoint and run the same command again, or give "
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
        """Wait until the served model is the wanted one, and return it.

        A server that does not report its checkpoint is assumed to have the new one after it was
        unreachable and came back. The first server of a process is trusted, since it may have been
        started for this round.
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
            self.tell(f"{self.base_url} does not report its checkpoint; assuming {checkpoint}")
        return trusted

    def _seen(self, client: Any) -> ServedModel | None:
        """The model as served now; None if the server is unreachable or does not serve it."""
        try:
            return self._named(listing(client, self.base_url, pauses=()))
        except CloudRequiredError:
            return None


def listing(client: Any, base_url: str, pauses: Sequence[float] | None = None) -> list[ServedModel]:
    """All models that a server lists; raises the same errors as `Server.serving`."""
    address = f"{base_url.rstrip('/')}/models"
    return answered(
        lambda: client.get(address), lambda r: _read_listing(r, base_url), base_url, pauses
    )


def _read_listing(response: Any, base_url: str) -> list[ServedModel]:
    try:
        return [ServedModel.of(entry) for entry in response.json()["data"]]
    except (ValueError, LookupError, TypeError, AttributeError) as exc:
        raise ConfigurationError(
            f"{base_url} does not list models under /models like an OpenAI-compatible server",
            hint="give the address including /v1",
        ) from exc


def answered(
    request: Callable[[], Any],
    read: Callable[[Any], Answer],
    base_url: str,
    pauses: Sequence[float] | None = None,
) -> Answer:
    """Send a request and return what `read` makes of the response; retry temporary failures.

    `read` also gets responses that refuse the request (400, 404). Raises KeyRefusedError at once if the
    key is refused, and CloudRequiredError if no attempt gave a readable response.
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
        hint="check that the server runs and serves the model; the same command resumes the run",
    )


def is_same_checkpoint(told: str, wanted: str) -> bool:
    """Whether the place that a server reports is the wanted checkpoint.

    Both are a folder, a file or a hub id. A path that does not exist here, such as one inside a container,
    is compared by its last two components (`R03/checkpoint`).
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

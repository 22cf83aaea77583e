"""The public facade: asks the edge model, then the cloud if needed, and reports who answered.

    from foggen import Router
    with Router.open() as router:
        reply = router.ask("2 + 2 = ?\\nA. 3\\nB. 4")

The engine runs the model, `routing/rule.py` decides where the answer comes from, and
`routing/answering.py` has the steps in between. `ask` and the other calls are in `asking.py`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from .asking import Asking
from .confidence import stored
from .config import Settings, load_settings
from .errors import ConfigurationError
from .loaded import LoadedModel
from .routing.cloud import Cloud, CloudLink
from .routing.rule import Mode, parse_mode, parse_tau
from .store.models import ModelInfo, checked, layout_for

StrPath = str | os.PathLike[str]


class Router(Asking):
    """Answers questions. It can be shared between threads and event loops.

    Create one with `Router.open`, in a `with` or `async with` block. A router cannot be used in a
    forked child, and cannot be pickled. Every call takes

    cancel: a `CancelToken` that ends the call from outside, whatever it is doing;
    deadline_s: seconds for the whole call, edge and cloud together;
    on_stage: a callback for a user interface, see `foggen.stages`.
    """

    @classmethod
    def open(
        cls,
        model: StrPath | None = None,
        *,
        settings: Settings | None = None,
        tau: float | str | None = None,
        mode: Mode | str | None = None,
        cloud: Cloud | None = None,
        trusted: bool = False,
        cloud_url: str | None = None,
        cloud_model: str | None = None,
        cloud_key: str | None = None,
        cloud_deadline_s: float | None = None,
        cloud_connect_s: float | None = None,
        cloud_max_tokens: int | None = None,
        cloud_headers: Mapping[str, str] | None = None,
        edge_deadline_s: float | None = None,
        context: int | None = None,
        threads: int | None = None,
        gpu_layers: int | None = None,
        score: str | None = None,
        layout: str | None = None,
        offline: bool | None = None,
        home: StrPath | None = None,
    ) -> Router:
        """Open a router and load a model: `model`, the one in the settings, or the one in the box.

        Options that are not given come from `settings`, or, without those, from the user's
        environment and config file. An application that wants neither passes
        `settings=Settings(...)`.

        model: "starter", a name in the store, or a GGUF file. tau: in [0, 1]; the model's own if
        not given. mode: see `Mode`; `cloud-only` loads no model. cloud: a client to use in place of
        the settings' one; the router does not close it. trusted: the caller trusts the model file,
        which is then not loaded in a child process first. The other options are fields of
        `Settings`.

        Raises ConfigurationError, ModelFileError, UsageError.
        """
        given = _given(
            model=model,
            tau=tau,
            mode=mode,
            cloud_url=cloud_url,
            cloud_model=cloud_model,
            cloud_key=cloud_key,
            cloud_deadline_s=cloud_deadline_s,
            cloud_connect_s=cloud_connect_s,
            cloud_max_tokens=cloud_max_tokens,
            cloud_headers=cloud_headers,
            edge_deadline_s=edge_deadline_s,
            context=context,
            threads=threads,
            gpu_layers=gpu_layers,
            score=score,
            layout=layout,
            offline=offline,
            home=home,
        )
        settings = load_settings(given) if settings is None else replace(settings, **given)
        link = CloudLink(settings, cloud)
        loaded = None if settings.mode is Mode.CLOUD_ONLY else _load(settings, trusted)
        return cls(loaded, settings, link)

    def sharing(
        self,
        *,
        tau: float | str | None = None,
        mode: Mode | str | None = None,
        cloud: Cloud | None = None,
        edge_deadline_s: float | None = None,
        cloud_deadline_s: float | None = None,
        offline: bool | None = None,
        score: str | None = None,
    ) -> Router:
        """Open another router on the same loaded model. Options that are given replace this one's.

        Each router is closed on its own, and the model is freed with the last. `cloud` is as in
        `open`; a client that was passed to this router is not passed on.
        """
        self._calls.check_open()
        given = _given(
            tau=tau,
            mode=mode,
            edge_deadline_s=edge_deadline_s,
            cloud_deadline_s=cloud_deadline_s,
            offline=offline,
            score=score,
        )
        settings = replace(self.settings, **given)
        if self._loaded is None and settings.mode is not Mode.CLOUD_ONLY:
            raise ConfigurationError(
                "this router has no model to share: it is cloud-only", hint="open another router"
            )
        return type(self)(self._loaded, settings, CloudLink(settings, cloud))

    def __enter__(self) -> Router:
        self._calls.check_open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Router:
        return self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        import asyncio

        await asyncio.to_thread(self.close)

    def __reduce__(self) -> NoReturn:
        raise ConfigurationError(
            "a Router cannot be pickled or sent to another process", hint="open one in each process"
        )

    def close(self) -> None:
        """End the running calls, free the model and close the cloud's connections.

        Returns within seconds, even from a signal handler or while other threads are asking; their
        calls raise an error. A model that another router shares stays loaded. Closing again has no
        effect.
        """
        if self._calls.closed:
            return
        self._calls.closed = True
        if self._loaded is not None:
            self._loaded.release()
        self._calls.close()
        self._link.close()

    def cancel(self) -> None:
        """Cancel every call of this router that is running or waiting; each raises CancelledError.

        To cancel a single call, give it a token: `ask(question, cancel=token)`, then
        `token.cancel()`.
        """
        self._calls.cancel()


def _load(settings: Settings, trusted: bool) -> LoadedModel:
    # Both load llama.cpp, which a cloud-only router does not need.
    from .engine.engine import Engine
    from .store.identity import identity_of

    name, path, digest = checked(
        settings.model, settings.home, trusted=trusted, layout=settings.layout
    )
    engine = Engine(
        path,
        context=settings.context,
        threads=settings.threads,
        gpu_layers=settings.gpu_layers,
        layout=layout_for(path, settings.layout),
    )
    info = ModelInfo(name, digest, engine.contract.round)
    if settings.score:
        return LoadedModel(engine, info, None)
    carried = engine.contract.calibration
    calibration = stored.calibration_of(settings.home, identity_of(engine, digest), carried, name)
    return LoadedModel(engine, info, calibration)


def _given(**options: Any) -> dict[str, Any]:
    """The options that were given, as fields of `Settings`."""
    given = {name: value for name, value in options.items() if value is not None}
    for name, convert in (("tau", parse_tau), ("mode", parse_mode), ("model", os.fspath)):
        if name in given:
            given[name] = convert(given[name])
    if "home" in given:
        given["home"] = Path(given["home"])
    return given

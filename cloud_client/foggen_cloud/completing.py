"""Gets one completion from a server, and learns which parameters its model accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import CloudError
from .parameters import EVERYTHING, Accepted
from .request import request_body
from .response import Completion, read_completion
from .settings import CloudSettings

if TYPE_CHECKING:
    import httpx2


class Completions:
    """Completions of one server. Used on the background loop alone, and thus without a lock."""

    def __init__(self, settings: CloudSettings) -> None:
        self._settings = settings
        self._accepted: Accepted = EVERYTHING

    async def get(
        self, http: httpx2.AsyncClient, prompt: str, question: str, deadline: float
    ) -> Completion:
        """Ask once, and again without what the server refuses to take; later questions start there.

        deadline: a time of `time.monotonic`, for all requests together. Raises CloudError.
        """
        from .transfer import exchange  # loads asyncio and HTTP, at the first question

        while True:
            sent = self._accepted
            body = request_body(self._settings, prompt, question, sent)
            try:
                reply = await exchange(http, self._settings, body, deadline)
                return read_completion(reply, self._settings)
            except CloudError as error:
                if sent.without(error.parameters) == sent:
                    raise
                self._accepted = self._accepted.without(error.parameters)

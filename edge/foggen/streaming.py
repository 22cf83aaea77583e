"""An open-ended answer as an iterator of text pieces.

with router.stream_open("Why is the sky blue?") as stream:
    for piece in stream:
        print(piece, end="", flush=True)
print(stream.reply.route)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import SimpleQueue

from .calls.cancelling import CancelToken
from .calls.workers import start_thread
from .errors import FogGenError
from .reply import Reply


class TextStream(Iterator[str]):
    """The pieces of one answer as they are decoded. Joined, they are the reply's text.

    Iterating raises what `Router.ask_open` raises. Leaving the `with` block early, or `close`, ends
    the call.
    """

    def __init__(
        self, answer: Callable[[Callable[[str], object], CancelToken], Reply], cancel: CancelToken
    ) -> None:
        """answer: makes the call, in a thread of its own, with a callback for pieces and a cancel
        token."""
        self._cancel = cancel
        self._reply: Reply | None = None
        self._queue: SimpleQueue[str | Reply | BaseException] = SimpleQueue()
        start_thread(lambda: self._run(answer), "foggen-stream")

    def _run(self, answer: Callable[[Callable[[str], object], CancelToken], Reply]) -> None:
        try:
            self._queue.put(answer(self._queue.put, self._cancel))
        except BaseException as error:  # raised where the stream is read
            self._queue.put(error)

    def __next__(self) -> str:
        if self._reply is not None:
            raise StopIteration
        found = self._queue.get()
        if isinstance(found, str):
            return found
        self._queue.put(found)  # so that the next call raises or ends too
        if isinstance(found, BaseException):
            raise found
        self._reply = found
        raise StopIteration

    def __enter__(self) -> TextStream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def reply(self) -> Reply:
        """The whole reply, once the stream has been read to its end."""
        if self._reply is None:
            raise FogGenError("the stream was not read to its end", hint="read it first")
        return self._reply

    def close(self) -> None:
        """End the call if it is still running."""
        self._cancel.cancel()

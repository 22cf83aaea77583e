"""A service in an event loop: one model answers the questions of many clients, one JSON object a line.

    python examples/service.py 8642
    printf '{"id": 1, "question": "2 + 2 = ? A) 3 B) 4"}\n' | nc 127.0.0.1 8642

The model answers one question at a time, and the cloud's answers are waited for side by side. When a client
goes away, what it asked is cancelled and nothing more is sent to the cloud.
"""

from __future__ import annotations

import asyncio
import json
import sys

from foggen import FogGenError, Router


async def answered(router: Router, line: bytes) -> dict[str, object]:
    """The reply to one line, or its error."""
    number: object = None
    try:
        asked = json.loads(line)
        number = asked["id"]
        reply = await router.aask(asked["question"])
    except FogGenError as error:
        return {"id": number, "error": str(error)}
    except (ValueError, KeyError, TypeError):
        return {"id": number, "error": 'send {"id": ..., "question": "..."}'}
    return {"id": number, **reply.as_dict()}


async def serve(router: Router, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the lines of one client, each as soon as it can be."""
    waiting: set[asyncio.Task[None]] = set()

    async def answer(line: bytes) -> None:
        reply = await answered(router, line)
        writer.write(json.dumps(reply, ensure_ascii=False).encode() + b"\n")
        await writer.drain()

    try:
        async for line in reader:
            task = asyncio.create_task(answer(line))
            waiting.add(task)
            task.add_done_callback(waiting.discard)
        await asyncio.gather(*waiting)
    except ConnectionError:  # the client is gone
        for task in waiting:
            task.cancel()
    finally:
        writer.close()


async def main(port: int) -> None:
    async with Router.open() as router:
        server = await asyncio.start_server(
            lambda *client: serve(router, *client), "127.0.0.1", port
        )
        print(f"listening on port {server.sockets[0].getsockname()[1]}", flush=True)
        async with server:
            await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))

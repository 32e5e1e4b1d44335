"""A visitor who only reads the agenda, in a process of its own: so many times a second, for so long; prints how long each took."""

import asyncio
import json
import sys
import time

PATH = "/sites/linde/agenda/"


async def read(port: int) -> float:
    """Fetch the page over a connection of its own; seconds."""
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        ask = f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: br\r\nConnection: close\r\n\r\n"
        writer.write(ask.encode())
        answer = await reader.read()
    finally:
        writer.close()
    if not answer.startswith(b"HTTP/1.1 200"):
        raise SystemExit(f"the agenda answered {answer[:60]!r}")
    return time.perf_counter() - began


async def main(port: int, seconds: float, rate: float) -> list[float]:
    """Ask at a steady pace, whether or not the last answer is there."""
    asked, began = [], time.perf_counter()
    for number in range(int(seconds * rate)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        asked.append(asyncio.create_task(read(port)))
    return list(await asyncio.gather(*asked))


if __name__ == "__main__":
    where = int(sys.argv[1])
    print(json.dumps(asyncio.run(main(where, float(sys.argv[2]), float(sys.argv[3])))))

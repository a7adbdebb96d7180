"""Three real nodes of Cassandra, a gate before each, and ways to hurt them."""

import asyncio
import os
import pathlib
import subprocess
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
NODES = 3
GATES = "127.0.1"  # the addresses that the nodes give to their clients


class Gates:
    """What stands between the servers and the nodes: passes bytes on, late or not at all."""

    def __init__(self, net="127.0.0"):
        self.net = net
        self.delay = 0.0
        self.open = [True] * NODES
        self._writers = [set() for _ in range(NODES)]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._servers = [self._call(self._listen(i)) for i in range(NODES)]

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    async def _listen(self, i):
        return await asyncio.start_server(lambda r, w: self._serve(i, r, w), f"{GATES}.{i + 1}", 9042)

    async def _serve(self, i, reader, writer):
        try:
            if not self.open[i]:
                return
            up_reader, up_writer = await asyncio.open_connection(f"{self.net}.{i + 1}", 9042)
        except OSError:
            return
        finally:
            if not self.open[i]:
                writer.close()
        ends = {writer, up_writer}
        self._writers[i] |= ends
        try:
            await asyncio.gather(self._pass_on(reader, up_writer), self._pass_on(up_reader, writer))
        finally:
            self._writers[i] -= ends
            for end in ends:
                end.close()

    async def _pass_on(self, reader, writer):
        try:
            while data := await reader.read(65536):
                if self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(data)
                await writer.drain()
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    def cut(self, i):
        """Ends every connection to a node, with whatever was on its way, and takes no new one."""
        self.open[i] = False

        async def end():
            for writer in list(self._writers[i]):
                writer.transport.abort()
        self._call(end())

    def mend(self, i):
        self.open[i] = True

    def cut_all(self):
        for i in range(NODES):
            self.cut(i)

    def mend_all(self):
        for i in range(NODES):
            self.mend(i)

    def close(self):
        for server in self._servers:
            self._loop.call_soon_threadsafe(server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)


class Nodes:
    """script/cassandra, which starts, kills and stops them."""

    def __init__(self, folder):
        self.environment = {**os.environ, "CASSANDRA_DIR": str(folder), "CASSANDRA_GATES": GATES,
                            "CASSANDRA_TIMEOUT": "2s"}
        self.up = [False] * NODES

    def run(self, *arguments):
        subprocess.run([str(ROOT / "script" / "cassandra"), *map(str, arguments)],
                       env=self.environment, check=True, timeout=400)

    def start_all(self):
        self.run("up", NODES)
        self.up = [True] * NODES

    def start(self, i):
        if not self.up[i]:
            self.run("start", i + 1)
            self.up[i] = True

    def kill(self, i):
        self.run("kill", i + 1)
        self.up[i] = False

    def pause(self, i):
        self.run("stop", i + 1)

    def resume(self, i):
        self.run("cont", i + 1)

    def wipe(self):
        self.run("wipe")

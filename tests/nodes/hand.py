"""What hurts the cluster: one deed after the other, each healed before the next, by a seed."""

import random
import signal
import time

from nodes import NODES

PAUSE = 10  # seconds that somebody sleeps who is stopped


def eventually(holds, seconds, what):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.1)


class Hand:
    def __init__(self, seed, nodes, gates, redis, replicas):
        self.random = random.Random(f"{seed}/hand")
        self.nodes, self.gates, self.redis, self.replicas = nodes, gates, redis, replicas
        self.told = []

    def all_deeds(self):
        """Each once, in an order of the seed's."""
        deeds = [self.kill_node, self.pause_node, self.kill_redis, self.pause_redis, self.kill_server,
                 self.pause_server, self.cut, self.delay, self.lose_the_cluster, self.fill_the_disk]
        self.random.shuffle(deeds)
        return deeds

    def tell(self, what):
        self.told.append(f"{time.strftime('%X')} {what}")
        print(self.told[-1], flush=True)

    def wait(self, least, most):
        time.sleep(self.random.uniform(least, most))

    def kill_node(self):
        i = self.random.randrange(NODES)
        self.tell(f"kill -9 of node {i + 1}")
        self.nodes.kill(i)
        self.wait(1, 3)
        self.nodes.start(i)

    def pause_node(self):
        i = self.random.randrange(NODES)
        self.tell(f"SIGSTOP of node {i + 1}")
        self.nodes.pause(i)
        time.sleep(PAUSE)
        self.nodes.resume(i)

    def kill_redis(self):
        self.tell("kill -9 of Redis")
        self.redis.kill()
        self.wait(2, 4)
        self.redis.start()

    def pause_redis(self):
        self.tell("SIGSTOP of Redis")
        self.redis.stop()
        time.sleep(PAUSE)
        self.redis.go_on()

    def kill_server(self):
        replica = self.random.choice(self.replicas)
        self.tell(f"kill -9 of the server on {replica.port}")
        replica.server.kill()
        self.wait(0, 2)
        replica.start()

    def pause_server(self):
        replica = self.random.choice(self.replicas)
        self.tell(f"SIGSTOP of the server on {replica.port}")
        replica.signal(signal.SIGSTOP)
        time.sleep(PAUSE)
        replica.signal(signal.SIGCONT)

    def cut(self):
        i = self.random.randrange(NODES)
        self.tell(f"the way to node {i + 1} is cut")
        self.gates.cut(i)
        self.wait(2, 5)
        self.gates.mend(i)

    def delay(self):
        self.tell("all ways are slow")
        self.gates.delay = self.random.uniform(0.02, 0.2)
        self.wait(2, 5)
        self.gates.delay = 0

    def lose_the_cluster(self):
        """And a server on top: what it answered for is in its spool only."""
        replica = self.random.choice(self.replicas)
        self.tell(f"all ways are cut, then kill -9 of the server on {replica.port}")
        self.gates.cut_all()
        self.wait(4, 6)
        replica.server.kill()
        self.gates.mend_all()
        replica.start()

    def fill_the_disk(self):
        self.tell("all ways are cut, and the spools' disks are full")
        self.gates.cut_all()
        for replica in self.replicas:
            replica.fill_disk()
        eventually(lambda: all(r.server.get("/readyz").status == 503 for r in self.replicas), 30,
                   "the servers say that they take no records")
        self.wait(1, 3)
        for replica in self.replicas:
            replica.free_disk()
        self.gates.mend_all()
        eventually(lambda: all(r.server.get("/readyz").status == 200 for r in self.replicas), 60,
                   "the servers take records again")

"""A swarm of one machine with the stack on it, for the tests: what runs, and what the kernel says of it."""

import json
import pathlib
import random
import subprocess
import urllib.parse

import yaml

from asking import answers, get
from engine import DEPLOY, eventually

PORT, TASKS_PORT = 18080, 18081
PATIENCE = 240  # seconds, on a busy machine


def variant(engine, folder):
    """deploy/stack-haproxy.yaml, with other ports and short waits."""
    stack = yaml.safe_load((DEPLOY / "stack-haproxy.yaml").read_text())
    services = stack["services"]
    services["haproxy"]["ports"][0]["published"] = PORT
    services["visualizer"]["ports"][0]["published"] = TASKS_PORT
    services["web"]["deploy"]["update_config"]["monitor"] = "6s"
    # An engine counts from 4096; what another one's networks have is taken, for the whole kernel.
    stack["networks"]["webnet"]["driver_opts"] = {
        "com.docker.network.driver.overlay.vxlanid_list": str(random.randrange(1 << 16, 1 << 24))}
    # The engine's socket is not where others have it.
    services["visualizer"]["volumes"] = [f"{engine.folder}/docker.sock:/var/run/docker.sock:ro"]
    for kind in ("secrets", "configs"):
        for one in stack[kind].values():
            one["file"] = str(DEPLOY / one["file"])
    file = folder / "stack.yaml"
    file.write_text(yaml.safe_dump(stack))
    return file


class Swarm:
    def __init__(self, engine, file, port=PORT, address="127.0.0.1", patience=PATIENCE, options=()):
        self.engine, self.port, self.patience = engine, port, patience
        engine.docker("swarm", "init", "--advertise-addr", address, "--listen-addr", f"{address}:2377",
                      "--default-addr-pool", "10.213.0.0/16", *options)
        engine.docker("stack", "deploy", "--resolve-image", "never", "-c", file, "longhand")

    def end(self):
        self.engine.docker("stack", "rm", "longhand", check=False)
        # None is given the time to end well that it would otherwise have.
        self.engine.docker("rm", "-f", "-v", *self.engine.output("ps", "-aq").split(), check=False)
        self.engine.docker("swarm", "leave", "--force", check=False)

    def containers(self, service="web"):
        """Those that run."""
        filters = json.dumps({"name": [f"longhand_{service}"], "status": ["running"]})
        return [one["Id"] for one in self.engine.ask("/containers/json?filters=" + urllib.parse.quote(filters))]

    def state(self, container):
        return self.engine.ask(f"/containers/{container}/json")["State"]

    def kill(self, container):
        """Its program, from outside: the engine doesn't know that it was meant."""
        subprocess.run(["kill", "-9", str(self.state(container)["Pid"])], check=True)

    def wait_for_two(self):
        """Until two replicas answer through the balancer, and no others."""
        def two():
            if answers("/readyz", self.port) != 200 or len(self.containers()) != 2:
                return False
            seen = {get("/healthz", self.port)[1]["X-Longhand-Replica"] for _ in range(12)}
            return seen == {container[:12] for container in self.containers()}
        try:
            eventually(two, self.patience, "two replicas answer")
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.troubles()}\n{self.last_words()}") from error

    def troubles(self):
        """What is wrong, in one line, which a summary shows: of tasks that failed, and what the replicas say."""
        told = self.engine.docker("stack", "ps", "--no-trunc", "longhand", "--format",
                                  "{{.Name}} {{.CurrentState}} {{.Error}}", check=False).stdout.splitlines()
        told += [f"readyz: {answers('/readyz', self.port)}"]
        for one in self.engine.output("ps", "-aq", "-f", "name=longhand_web").split():
            logs = self.engine.docker("logs", "--tail", "3", one, check=False)
            health = self.engine.docker("inspect", "-f", "{{json .State.Health}}", one, check=False).stdout
            told += [f"{one}: {health[-300:].strip()} {(logs.stdout + logs.stderr)[-400:].strip()}"]
        return "; ".join(told).replace("\n", " / ")

    def last_words(self):
        """Of every task and every container, for a failure's message."""
        told = [self.engine.docker("stack", "ps", "--no-trunc", "longhand", check=False).stdout]
        return "\n".join(told + [self.engine.last_words(one) for one in self.engine.output("ps", "-aq").split()])

    def update(self, image):
        """Changes the web's image; what became of it."""
        self.engine.docker("service", "update", "-q", "-d", "--no-resolve-image", "--image", image, "longhand_web")

        def end():
            state = (self.engine.ask("/services/longhand_web").get("UpdateStatus") or {}).get("State")
            return state in ("completed", "rollback_completed", "paused", "rollback_paused") and state
        return eventually(end, self.patience, "the update ends")

    def records(self, headers):
        """The ids of all records, as the operator sees them."""
        found, cursor = [], ""
        while cursor is not None:
            status, _, body = get(f"/api/v1/recognitions?limit=200{cursor}", self.port, headers)
            assert status == 200, body
            page = json.loads(body)
            found += [record["id"] for record in page["recognitions"]]
            cursor = "&cursor=" + page["next"] if page["next"] else None
        return found

    def await_records(self, ids, headers):
        """Until all are in the store: what was spooled is brought there."""
        assert len(set(ids)) == len(ids)

        def all_are_there():
            try:
                return set(ids) <= set(self.records(headers))
            except AssertionError:  # by a replica that hasn't found Cassandra yet
                return False
        eventually(all_are_there, self.patience, "what was answered is in the store")

    def images(self):
        return {self.engine.ask(f"/containers/{one}/json")["Config"]["Image"] for one in self.containers()}


# --- Control groups, of version 1 or 2 ---------------------------------------------------------


def group_file(container, controller, name):
    """A file of the container's control group; version 2 has one group for all controllers."""
    for path in (f"/sys/fs/cgroup/{controller}/docker/{container}/{name}",
                 f"/sys/fs/cgroup/system.slice/docker-{container}.scope/{name}",
                 f"/sys/fs/cgroup/docker/{container}/{name}"):
        if pathlib.Path(path).exists():
            return pathlib.Path(path).read_text()
    return None


def cpu_seconds(container):
    old = group_file(container, "cpuacct", "cpuacct.usage")
    if old is not None:
        return int(old) / 1e9
    return int(group_file(container, "", "cpu.stat").split()[1]) / 1e6


def memory_limit(container):
    return int(group_file(container, "memory", "memory.limit_in_bytes") or group_file(container, "", "memory.max"))


def memory_peak(container):
    """None where the kernel doesn't tell."""
    text = group_file(container, "memory", "memory.max_usage_in_bytes") or group_file(container, "", "memory.peak")
    return text and int(text)

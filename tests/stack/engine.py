"""A Docker engine of the tests' own, and the images of the stack, without a registry.

Needs root, dockerd and debootstrap (script/setup installs them). The base image is made by debootstrap,
unless LONGHAND_BASE_TAR names a tar of one or build/stack/base.tar is there from before.
"""

import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
HERE = pathlib.Path(__file__).resolve().parent
DOCKER = "/usr/bin/docker"  # Debian's: another one on PATH may lack what is needed
WORK = ROOT / "build" / "stack"
PREFIX = "longhand-stack-"
STAND_INS = ("redis:7.4", "haproxy:2.8", "dockersamples/visualizer:stable", "cassandra:5.0")


def programs_folder():
    return pathlib.Path(os.environ.get("LONGHAND_BIN", ROOT / "build" / "release" / "bin"))


def eventually(holds, seconds, what):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = holds()
        if value:
            return value
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} s: {what}")


def remove(folder):
    """An engine's folder, with what the engine left mounted in it.

    The overlay networks of one that has ended live on in network namespaces mounted there, and no other engine can
    make networks of the same number meanwhile.
    """
    mounted = [line.split()[1] for line in pathlib.Path("/proc/mounts").read_text().splitlines()]
    for place in sorted((one for one in mounted if one.startswith(f"{folder}/")), reverse=True):
        subprocess.run(["umount", "-l", place], check=False)
    shutil.rmtree(folder, ignore_errors=True)


def remove_dead_engines():
    """What engines that were killed have left."""
    for folder in pathlib.Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if subprocess.run(["pgrep", "-f", f"dockerd.*{folder}/"], capture_output=True).returncode != 0:
            remove(folder)


class Api(http.client.HTTPConnection):
    """The engine's, at its socket."""

    def __init__(self, path):
        super().__init__("localhost", timeout=120)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


class Engine:
    def __init__(self):
        for program in ("/usr/sbin/dockerd", "/usr/sbin/debootstrap", "/usr/bin/docker-compose"):
            assert pathlib.Path(program).exists(), f"{program} is missing; script/setup installs it"
        assert os.geteuid() == 0, "the stack's test needs root for the Docker engine"
        # Short: the path of a socket may have 107 characters.
        remove_dead_engines()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=PREFIX))
        self.environment = {**os.environ, "DOCKER_HOST": f"unix://{self.folder}/docker.sock",
                            "DOCKER_BUILDKIT": "1", "COMPOSE_PROJECT_NAME": "longhandtest"}
        self.log = open(self.folder / "dockerd.log", "wb")
        self.process = subprocess.Popen(
            # An engine doesn't outlive the tests, however they end.
            ["setpriv", "--pdeathsig", "TERM", "dockerd",
             "--data-root", self.folder / "data", "--exec-root", self.folder / "exec",
             "--pidfile", self.folder / "dockerd.pid", "-H", self.environment["DOCKER_HOST"],
             "--ip", "127.0.0.1", "--shutdown-timeout", "5"],
            stdout=self.log, stderr=self.log, start_new_session=True)
        eventually(lambda: self.docker("info", check=False).returncode == 0, 120,
                   "dockerd answers; see " + str(self.folder / "dockerd.log"))

    def docker(self, *words, check=True, **options):
        done = subprocess.run([DOCKER, *map(str, words)], env=self.environment, capture_output=True,
                              text=True, **options)
        assert not check or done.returncode == 0, (words, done.stdout[-2000:], done.stderr[-4000:])
        return done

    def output(self, *words):
        return self.docker(*words).stdout.strip()

    def inspect(self, *words):
        return json.loads(self.output(*words))[0]

    def ask(self, path):
        """What the engine's API says: for what is asked often, since a process a question is slow on a slow machine."""
        connection = Api(self.folder / "docker.sock")
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 200, (path, answer.status, body[:500])
            return json.loads(body)
        finally:
            connection.close()

    def build(self, tag, folder, *options, text=None):
        words = ["build", "-q", "-t", tag, *options]
        if text is None:
            return self.docker(*words, folder)
        return self.docker(*words, "-f", "-", folder, input=text)

    def base_image(self):
        """debian:bookworm-slim, as debootstrap makes it."""
        kept = pathlib.Path(os.environ.get("LONGHAND_BASE_TAR", WORK / "base.tar"))
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            tree = self.folder / "rootfs"
            done = subprocess.run(["debootstrap", "--variant=minbase", "bookworm", tree],
                                  capture_output=True, text=True)
            assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
            for folder in ("var/cache/apt/archives", "var/lib/apt/lists"):
                shutil.rmtree(tree / folder)
                (tree / folder / "partial").mkdir(parents=True)
            half = kept.with_suffix(".half")
            subprocess.run(["tar", "-C", tree, "--exclude=./usr/share/doc/*", "--exclude=./usr/share/man/*",
                            "--exclude=./usr/share/locale/*", "-cf", half, "."], check=True)
            half.rename(kept)
            shutil.rmtree(tree)
        self.docker("import", "-c", 'CMD ["bash"]', kept, "debian:bookworm-slim")

    def images(self, stand_ins=STAND_INS):
        """All that the stack names: ours by its Dockerfile around the programs of this build."""
        self.base_image()
        self.ours("longhand:0.1.0", "server", "PROGRAMS", "longhand")
        empty = self.folder / "empty"
        empty.mkdir()
        self.build("longhand:0.1.1", empty, text="FROM longhand:0.1.0\nLABEL again=1\n")
        self.build("longhand:ill", empty, text="FROM longhand:0.1.0\nHEALTHCHECK --interval=1s --retries=1 "
                                               'CMD ["longhand", "health", "--port", "1"]\n')
        self.others(stand_ins)

    def ours(self, tag, target, argument, *programs):
        """A target of deploy/Dockerfile, its programs' stage replaced by what is built already."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            out = pathlib.Path(folder) / "out"
            (out / "bin").mkdir(parents=True)
            for program in programs:
                subprocess.run(["strip", "-o", out / "bin" / program, programs_folder() / program], check=True)
            shares = {"models": "*.onnx", **({"recipes": "*.toml"} if target == "trainer" else {})}
            for kind, files in shares.items():
                (out / "share" / "longhand" / kind).mkdir(parents=True)
                for file in (ROOT / kind).glob(files):
                    shutil.copy(file, out / "share" / "longhand" / kind)
            self.build("longhand-programs:" + target, folder, text="FROM scratch\nCOPY out /out\n")
        self.build(tag, ROOT, "-f", DEPLOY / "Dockerfile", "--target", target,
                   "--build-arg", f"{argument}=longhand-programs:{target}")

    def others(self, tags):
        """Stand-ins for what others make; Cassandra's is one real node, as script/cassandra runs it."""
        folder = self.folder / "others"
        shutil.copytree(HERE / "images", folder)
        if "cassandra:5.0" in tags:
            subprocess.run([ROOT / "script" / "cassandra", "fetch"], check=True, capture_output=True)
            scripts = (ROOT / "script" / "cassandra", ROOT / "script" / "common.sh")
            for file in (*(ROOT / ".cache").glob("cassandra-*"), *scripts):
                to = folder / "cassandra" / file.relative_to(ROOT)
                to.parent.mkdir(parents=True, exist_ok=True)
                (shutil.copytree if file.is_dir() else shutil.copy)(file, to)
        for tag in tags:
            name = tag.split(":")[0].split("/")[-1]
            self.build(tag, folder, "-f", folder / "others.Dockerfile", "--target", name)
        shutil.rmtree(folder)

    def last_words(self, container):
        """What a container that doesn't do as it should has to say, for a failure's message."""
        # One that the swarm has taken away meanwhile has none.
        state = self.docker("inspect", "-f", "{{json .State}}", container, check=False).stdout
        logs = self.docker("logs", "--tail", "40", container, check=False)
        return f"{container}: {state}\n{logs.stdout}{logs.stderr}"

    def await_healthy(self, container, seconds):
        """Until the container's health check says so; a container that has ended never will."""
        def healthy():
            state = self.inspect("inspect", container)["State"]
            return "ended" if not state["Running"] else state["Health"]["Status"] == "healthy"
        try:
            assert eventually(healthy, seconds, "the container is healthy") != "ended", "the container has ended"
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.last_words(container)}") from error

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()
        remove(self.folder)

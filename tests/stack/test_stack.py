"""What deploy/ says, and its image and compose.yaml for real, on a Docker engine of the test's own.

Images of others have stand-ins (images/).
"""

import json
import subprocess
import sys

import samples
from asking import ask, get
from engine import DEPLOY, eventually

COMPOSE_PORT = 18082
PATIENCE = 120  # seconds, on a busy machine


# --- What the files say ------------------------------------------------------------------------


def test_the_stack_is_as_the_original_asked(real_stack):
    services = real_stack["services"]
    assert set(services) == {"web", "visualizer", "redis", "cassandra"}
    web = services["web"]
    assert web["deploy"]["replicas"] == 2
    assert web["deploy"]["resources"]["limits"] == {"cpus": "0.8", "memory": "500M"}
    assert web["deploy"]["restart_policy"]["condition"] == "on-failure"
    assert web["deploy"]["update_config"]["order"] == "start-first"
    assert web["deploy"]["update_config"]["failure_action"] == "rollback"
    assert [(p["published"], p["mode"]) for p in web["ports"]] == [(80, "ingress")]
    assert services["visualizer"]["ports"][0]["published"] == 8080
    for name in ("visualizer", "redis", "cassandra"):
        assert services[name]["deploy"]["placement"]["constraints"] == ["node.role == manager"]
    for name in ("redis", "cassandra"):
        assert "ports" not in services[name] and services[name]["volumes"]
    for service in services.values():
        assert service["networks"] == ["webnet"]
        tag = service["image"].split(":-")[1].split("}")[0]
        assert ":" in tag and not tag.endswith(":latest") and "_DIGEST-}" in service["image"]
    assert real_stack["networks"]["webnet"]["driver"] == "overlay"
    assert set(real_stack["secrets"]) == {"operator-token", "redis-password"}


def test_the_variant_is_made_from_the_stack():
    subprocess.run([sys.executable, DEPLOY / "haproxy_variant.py", "--check"], check=True)


# --- The image ---------------------------------------------------------------------------------


def test_the_image_is_small_and_asks_for_nothing(engine):
    image = engine.inspect("image", "inspect", "longhand:0.1.0")
    assert image["Size"] < 120_000_000
    assert image["Config"]["User"] == "10001:10001"
    assert image["Config"]["Healthcheck"]["Test"] == ["CMD", "longhand", "health"]
    assert image["Config"]["Labels"]["org.opencontainers.image.title"] == "Longhand"
    print(f"image: {image['Size'] / 1e6:.1f} MB")


def test_it_runs_without_a_shell_and_writes_to_its_volume_only(engine):
    name = engine.output("run", "-d", "--read-only", "--cap-drop", "ALL", "longhand:0.1.0")
    try:
        engine.await_healthy(name, PATIENCE)
        changed = engine.output("diff", name)
        assert changed == "", changed
        shown = engine.output("top", name, "-o", "pid,comm").splitlines()[1:]
        assert [line.split()[1] for line in shown] == ["longhand"]
    finally:
        engine.docker("rm", "-f", "-v", name)


# --- One machine: compose ----------------------------------------------------------------------


def test_compose_starts_in_order_and_publishes_the_page_only(engine, secrets):
    environment = {**engine.environment, "LONGHAND_PUBLISH": f"127.0.0.1:{COMPOSE_PORT}"}
    compose = ["/usr/bin/docker-compose", "-f", DEPLOY / "compose.yaml"]

    def run(*words, check=True):
        done = subprocess.run([*compose, *words], env=environment, capture_output=True, text=True)
        assert not check or done.returncode == 0, done.stdout + done.stderr + every_log()
        return done

    def every_log():
        return "\n".join(engine.last_words(one) for one in engine.output("ps", "-aq").split())

    try:
        run("up", "-d")
        web = run("ps", "-q", "web").stdout.strip()
        engine.await_healthy(web, PATIENCE)
        eventually(lambda: get("/readyz", COMPOSE_PORT)[2] == b"ready\n", PATIENCE, "Redis is used")
        operator = {"Authorization": "Bearer " + secrets["operator-token"]}
        status, _, body = get("/api/v1/replicas", COMPOSE_PORT, operator)
        assert status == 200 and len(json.loads(body)["replicas"]) == 1
        published = engine.output("ps", "--format", "{{.Ports}}").split()
        assert [port for port in published if "->" in port] == [f"127.0.0.1:{COMPOSE_PORT}->8080/tcp"]

        # Cassandra has the record, not the container: another one finds it.
        status, _, body = ask("POST", "/api/v1/recognitions", COMPOSE_PORT,
                              {**operator, "Content-Type": "image/png"}, samples.png())
        assert status == 201, body
        assert json.loads(body)["stored"] == "durable", body
        run("up", "-d", "--force-recreate", "--no-deps", "-V", "web")
        again = run("ps", "-q", "web").stdout.strip()
        assert again != web
        engine.await_healthy(again, PATIENCE)
        assert get(f"/api/v1/recognitions/{json.loads(body)['id']}", COMPOSE_PORT, operator)[0] == 200
    finally:
        run("down", "-v", "-t", "5", check=False)

"""TLS and log-ins with a real node: what is right works, what is wrong is said at once, in one line,
and no password is seen anywhere."""

import pathlib
import subprocess
import time

import pytest

import samples
from cql import Refused
from longhand_server import Owner, program
from node import credentials

URL = "/api/v1/recognitions"
PASSWORD = "a-Password.of-these_tests"
OTHER_PASSWORD = "another-Password.of-these_tests"
FROM_WHERE = "LONGHAND_CASSANDRA_PASSWORD"


@pytest.fixture(scope="session")
def users(node):
    """`longhand` may make a keyspace, `clerk` may write what is in that of `longhand`, `guest` nothing."""
    with node.operator() as operator:
        for user in ("longhand", "clerk", "guest"):
            operator.say(f"CREATE ROLE {user} WITH LOGIN = true AND PASSWORD = '{PASSWORD}'")
        operator.say("GRANT CREATE ON ALL KEYSPACES TO longhand")


def record_and_read_back(server):
    owner = Owner(server, "a-token-of-the-access-tests")
    made = owner.post_json(URL, {"strokes": samples.SEVEN})
    assert made.status == 201, made.text
    body = made.json()
    assert body["stored"] == "durable"
    read = owner.get(f"{URL}/{body['id']}")
    assert read.status == 200 and read.json()["text"] == body["text"]


def assert_hidden(server, *secrets):
    """From all that others may see of a server: what it logs and answers, and its command line."""
    seen = [server.log.read_text(), server.get("/metrics").text, server.get("/readyz").text,
            pathlib.Path(f"/proc/{server.process.pid}/cmdline").read_text()]
    for secret in secrets:
        assert not any(secret in text for text in seen)


@pytest.fixture(scope="session")
def keyspace(node, users, models, tmp_path_factory):
    """Made by a server of the user `longhand`, which has passed its test."""
    from longhand_server import Server
    server = Server(tmp_path_factory.mktemp("longhand"), models, store=node.url("access"),
                    env=credentials("longhand", PASSWORD)).wait_until_ready(60)
    try:
        record_and_read_back(server)
        assert_hidden(server, PASSWORD)
    finally:
        assert server.stop() == 0, server.log.read_text()
    with node.operator() as operator:
        for right in ("SELECT", "MODIFY"):
            operator.say(f"GRANT {right} ON KEYSPACE access TO clerk")
    return "access"


def test_the_right_user_password_and_authority_make_a_keyspace_and_keep_records(keyspace):
    assert keyspace  # the fixture has shown it


def test_a_user_who_may_make_nothing_uses_what_is_there(node, keyspace, start, tmp_path):
    file = tmp_path / "password"
    file.write_text(PASSWORD + "\n")
    server = start(node.url(keyspace, f"&user=clerk&password_file={file}"))
    record_and_read_back(server)
    assert_hidden(server, PASSWORD)
    environment = pathlib.Path(f"/proc/{server.process.pid}/environ").read_text()
    assert PASSWORD not in environment, "the file is for those whom the environment shows too much"


def refusal(models, store, user, password):
    """The one line that `longhand serve` ends with, and how long that took."""
    before = time.monotonic()
    done = subprocess.run(
        [program(), "serve", "--listen", "127.0.0.1:0", "--store", store, "--models", str(models),
         "--log-level", "warning"],
        env=credentials(user, password), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=60)
    took = time.monotonic() - before
    # What the text of the URL tells is wrong usage.
    assert done.returncode == (2 if "go together" in done.stdout else 1), done.stdout
    assert done.stdout.startswith("longhand: ") and done.stdout.count("\n") == 1, done.stdout
    if password:
        assert password not in done.stdout
    assert took < 10, "that is the patience for a cluster that doesn't answer"
    return done.stdout


@pytest.mark.parametrize("user, password, says", [
    ("longhand", "some-wrong-Password", ["refuses the user or the password", FROM_WHERE]),
    ("nobody", PASSWORD, ["refuses the user or the password", "nobody", FROM_WHERE]),
    ("", "", ["asks for a user and a password", FROM_WHERE]),
    ("guest", PASSWORD, ["guest", "permission"]),
], ids=["wrong password", "unknown user", "no user", "no rights"])
def test_who_is_refused_is_told_why(node, keyspace, models, user, password, says):
    told = refusal(models, node.url(keyspace), user, password)
    assert all(word in told for word in says), told


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    """An authority that nobody knows, and a file that holds no certificate."""
    folder = tmp_path_factory.mktemp("files")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3", "-keyout",
                    folder / "other.key", "-out", folder / "other.pem", "-subj", "/CN=other"],
                   check=True, capture_output=True)
    subprocess.run(["openssl", "rsa", "-aes128", "-passout", "pass:secret", "-in", folder / "other.key",
                    "-out", folder / "locked.key"], check=True, capture_output=True)
    (folder / "notes.txt").write_text("These are my notes.\n")
    return folder


# {tls}: the node's own folder; {files}: the fixture's.
@pytest.mark.parametrize("options, says", [
    ("tls=1&ca={files}/other.pem", ["certificate is not trusted", "ca=FILE"]),
    ("tls=1", ["certificate is not trusted", "ca=FILE"]),
    ("", ["speaks TLS", "tls=1"]),
    ("tls=1&ca={files}/nowhere.pem", ["ca={files}/nowhere.pem", "No such file"]),
    ("tls=1&ca={files}", ["ca={files}", "Is a directory"]),
    ("tls=1&ca={files}/notes.txt", ["ca={files}/notes.txt", "BEGIN CERTIFICATE"]),
    ("tls=1&ca={tls}/ca.pem&cert={tls}/client.pem", ["cert and key go together"]),
    ("tls=1&ca={tls}/ca.pem&cert={files}/notes.txt&key={tls}/client.key",
     ["cert={files}/notes.txt", "BEGIN CERTIFICATE"]),
    ("tls=1&ca={tls}/ca.pem&cert={tls}/client.pem&key={files}/nowhere.key",
     ["key={files}/nowhere.key", "No such file"]),
    ("tls=1&ca={tls}/ca.pem&cert={tls}/client.pem&key={files}/notes.txt",
     ["key={files}/notes.txt", "PEM"]),
    ("tls=1&ca={tls}/ca.pem&cert={files}/other.pem&key={files}/locked.key",
     ["key={files}/locked.key", "passphrase"]),
    ("tls=1&ca={tls}/ca.pem&cert={tls}/client.pem&key={files}/other.key",
     ["key={files}/other.key", "not that of the certificate"]),
    ("tls=1&ca={tls}/ca.pem&dc=elsewhere", ["dc=elsewhere", "there is datacenter1"]),
], ids=["another authority", "an unknown authority", "no TLS", "no file", "a folder", "no PEM",
        "no key", "no certificate", "no key file", "no PEM key", "a locked key", "another's key",
        "another data centre"])
def test_what_is_wrong_with_the_way_is_told(node, keyspace, models, files, options, says):
    places = {"tls": node.tls, "files": files}
    told = refusal(models, f"cassandra://{node.address}/{keyspace}?{options.format(**places)}",
                   "longhand", PASSWORD)
    assert all(word.format(**places) in told for word in says), told


def test_tls_to_a_node_that_speaks_none_is_told(node, models, plain_node):
    told = refusal(models, node.url("k", hosts=plain_node), "longhand", PASSWORD)
    assert "doesn't speak TLS" in told and "tls=1" in told


def test_a_refusal_is_told_though_other_nodes_are_down(node, keyspace, models):
    for _ in range(3):  # which node is asked first is chance
        told = refusal(models, node.url(keyspace, hosts=f"127.0.0.1:1,{node.address}"), "nobody", PASSWORD)
        assert "refuses the user" in told


def test_a_node_that_swallows_all_leaves_the_others_their_time(node, keyspace, blackhole):
    store = node.url(keyspace, "&connecting=8s", hosts=f"{blackhole},{node.address}")
    for _ in range(3):
        done = subprocess.run([program(), "records", "list", "--store", store],
                              env=credentials("longhand", PASSWORD), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def eventually(holds, seconds=60):
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def change_password(node, user, password):
    """A node changes none within five seconds of the last change, a role's making counted: then once more."""
    def changed():
        try:
            operator.say(f"ALTER ROLE {user} WITH PASSWORD = '{password}'")
        except Refused as refused:
            if "can only be changed every" not in str(refused):
                raise
            return False
        return True

    with node.operator() as operator:
        assert eventually(changed)


# The last one of all: from here on the node asks for clients' certificates.
def test_a_password_that_is_changed_while_the_server_runs(node, keyspace, start, models, files, tmp_path):
    certificate = f"&cert={node.tls}/client.pem&key={node.tls}/client.key"
    server = start(node.url(keyspace, f"{certificate}&deadline=2s&spool={tmp_path}/spool"),
                   env=credentials("longhand", PASSWORD))
    owner = Owner(server, "a-token-of-the-access-tests")

    def stored():
        answer = owner.post_json(URL, {"strokes": samples.ONE})
        assert answer.status == 201, answer.text
        return answer.json()["stored"]

    change_password(node, "longhand", OTHER_PASSWORD)
    assert stored() == "durable", "connections that are there go on"

    # Every connection breaks, and none is made again.
    node.start_again(tls="mutual")
    assert eventually(lambda: "refuses the user or the password" in server.log.read_text())
    assert stored() == "spooled"
    assert "out of reach" in server.get("/readyz").text
    assert_hidden(server, PASSWORD, OTHER_PASSWORD)

    for certificate, says in [("", "asks for a client's certificate"),
                              (f"&cert={files}/other.pem&key={files}/other.key", "cert=FILE must be signed")]:
        assert says in refusal(models, node.url(keyspace, certificate), "longhand", OTHER_PASSWORD)

    change_password(node, "longhand", PASSWORD)
    assert eventually(lambda: stored() == "durable"), "it is let in again"
    assert eventually(lambda: "longhand_spool_records 0\n" in server.get("/metrics").text)

"""`longhand health`, what a container's health check calls."""

import subprocess

from longhand_server import free_port, program


def health(port, *options):
    return subprocess.run([program(), "health", "--port", str(port), *options],
                          capture_output=True, text=True, timeout=30)


def test_a_server_that_runs_is_well(start):
    server = start()
    for options in ((), ("--ready",)):
        done = health(server.port, *options)
        assert done.returncode == 0 and done.stdout == "", done.stderr


def test_what_is_no_server_is_not(redis):
    done = health(free_port())
    assert done.returncode == 1 and "nothing answers" in done.stderr
    done = health(redis.port)
    assert done.returncode == 1 and done.stderr
    redis.stop()  # takes the connection and says nothing
    assert health(redis.port, "--timeout", "1").returncode == 1

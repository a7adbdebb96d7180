#!/usr/bin/env python3
"""Writes stack-haproxy.yaml, the variant of stack.yaml with HAProxy in place of the routing mesh.

    deploy/haproxy_variant.py            # writes deploy/stack-haproxy.yaml
    deploy/haproxy_variant.py --check    # exits 1 if it is not what stack.yaml gives

The mesh hides clients' addresses; HAProxy, with its ports on the machines themselves, passes them on.
Names of services stand for the addresses of their tasks (dnsrr), so that no IPVS is needed. All else is
as in stack.yaml: change that one, and run this. Needs PyYAML (python3-yaml).
"""

import pathlib
import sys

import yaml

HERE = pathlib.Path(__file__).resolve().parent
SUBNET = "10.77.0.0/24"
HEAD = """\
# Made by haproxy_variant.py from stack.yaml: change that one.
#
#     docker stack deploy -c deploy/stack-haproxy.yaml longhand
#
# The page is on port 80 of every machine, by an HAProxy each.
"""


def variant(stack):
    services = stack["services"]
    web = services["web"]
    del web["ports"]
    web["command"] = [{"--hidden-addresses": f"--trusted-proxy={SUBNET}", "--new-owners=600": "--new-owners=60"}
                      .get(word, word) for word in web["command"]]
    for port in services["visualizer"]["ports"]:
        port["mode"] = "host"
    services["haproxy"] = {
        "image": "${HAPROXY_IMAGE:-haproxy:2.8}${HAPROXY_DIGEST-}",
        "ports": [{"target": 8080, "published": 80, "protocol": "tcp", "mode": "host"}],
        "networks": ["webnet"],
        "configs": [{"source": "haproxy", "target": "/usr/local/etc/haproxy/haproxy.cfg"}],
        "deploy": {"mode": "global", "restart_policy": {"condition": "any", "delay": "1s"}},
    }
    for service in services.values():
        service["deploy"]["endpoint_mode"] = "dnsrr"
    stack["networks"]["webnet"]["ipam"] = {"config": [{"subnet": SUBNET}]}
    stack["configs"] = {"haproxy": {"file": "./haproxy.cfg"}}
    return stack


def text():
    stack = yaml.safe_load((HERE / "stack.yaml").read_text())
    return HEAD + yaml.safe_dump(variant(stack), sort_keys=False, width=100)


if __name__ == "__main__":
    file = HERE / "stack-haproxy.yaml"
    if sys.argv[1:] == ["--check"]:
        if not file.exists() or file.read_text() != text():
            sys.exit(f"{file} is not what stack.yaml gives; run {sys.argv[0]}")
    else:
        file.write_text(text())

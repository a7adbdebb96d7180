#!/usr/bin/env python3
"""Requests per second of processor time over loopback: `longhand serve` and wrk on one machine.

One PNG a request, recorded durably in SQLite; then the same without recording (?keep=false); then
strokes without recording; then /healthz, which is the floor that HTTP itself sets. What counts is
requests per CPU second of the server, since wrk takes processor time of its own.

    bench/http_bench.py --bin build/release/bin --models models [--seconds 10] [--connections 16]
"""

import argparse
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "http"))


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def wrk_script(folder, body, content_type):
    """wrk's Lua: every request is a POST of these bytes."""
    data = folder / "body"
    data.write_bytes(body)
    script = folder / "post.lua"
    script.write_text(
        'wrk.method = "POST"\n'
        f'local file = io.open("{data}", "rb")\n'
        'wrk.body = file:read("*a")\nfile:close()\n'
        f'wrk.headers["Content-Type"] = "{content_type}"\n'
        'wrk.headers["Authorization"] = "Bearer a-token-of-the-benchmark"\n')
    return script


def measure(server, path, script, options):
    command = ["wrk", "-t1", f"-c{options.connections}", f"-d{options.seconds}s", "--latency"]
    if script:
        command += ["-s", str(script)]
    command.append(f"http://127.0.0.1:{server.port}{path}")
    before = server.cpu_seconds()
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    cpu = server.cpu_seconds() - before
    requests = int(re.search(r"(\d+) requests in", output).group(1))
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"{path}: not every request was answered well:\n{output}")
    return {"path": path, "requests": requests, "seconds": options.seconds,
            "requests_per_second": round(requests / options.seconds),
            "requests_per_cpu_second": round(requests / cpu),
            "p50": re.search(r"^ +50%\s+(\S+)", output, re.M).group(1),
            "p99": re.search(r"^ +99%\s+(\S+)", output, re.M).group(1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = pathlib.Path(__file__).resolve().parents[1]
    parser.add_argument("--bin", default=root / "build" / "release" / "bin")
    parser.add_argument("--models", default=root / "models")
    parser.add_argument("--picture", help="a PNG; otherwise a drawn seven of 280x280 pixels")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    os.environ["LONGHAND_BIN"] = str(options.bin)
    import samples
    from longhand_server import Server
    picture = pathlib.Path(options.picture).read_bytes() if options.picture else samples.png()
    strokes = json.dumps({"strokes": samples.SEVEN}).encode()
    url = "/api/v1/recognitions"
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        server = Server(folder, options.models).wait_until_ready()
        for path, body, kind in [(url, picture, "image/png"), (url + "?keep=false", picture, "image/png"),
                                 (url + "?keep=false", strokes, "application/json"), ("/healthz", None, None)]:
            script = wrk_script(folder, body, kind) if body else None
            rows.append({"what": kind or "nothing", **measure(server, path, script, options)})
        server.stop()
    if options.json:
        print(json.dumps({"processor": processor(), "cores": os.cpu_count(), "picture_bytes": len(picture),
                          "connections": options.connections, "rows": rows}))
        return
    print(f"{processor()}, {os.cpu_count()} cores, {options.connections} connections, "
          f"a PNG of {len(picture)} bytes")
    for row in rows:
        print(f"{row['path']:36} {row['what']:17} {row['requests_per_cpu_second']:>7} requests a CPU second, "
              f"{row['requests_per_second']:>6} a second, p50 {row['p50']}, p99 {row['p99']}")


if __name__ == "__main__":
    main()

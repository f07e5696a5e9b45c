"""Measures warm decisions and the first one: `bench.py BUNDLE`. `cargo xtask bench python` calls it."""

from __future__ import annotations

import hashlib
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from portcullis_policy import Policy

CALLS = 20_000
PROCESSES = 9

PERMITTED = {
    "account": "dev",
    "caller": {"principal": "arn:aws:sts::111111111111:assumed-role/ci-main/run-17"},
    "repository": "git@github.com:acme/infrastructure-live.git",
    "ref": "refs/heads/main",
    "path": "dev/eu-west-1/app",
    "command": "terragrunt-plan",
}
DENIED = {**PERMITTED, "ref": "refs/heads/feature/retry", "command": "terragrunt-apply"}

FIRST = """
import sys
from portcullis_policy import Policy
Policy.load(sys.argv[1], sys.argv[2]).decide_json(sys.argv[3])
"""


def microseconds(call: Callable[[], object]) -> float:
    """The median of single calls: what else the machine does hits few of them."""
    times = []
    for _ in range(CALLS):
        begun = time.perf_counter_ns()
        call()
        times.append(time.perf_counter_ns() - begun)
    return statistics.median(times) / 1_000


def first(arguments: list[str]) -> float:
    """Milliseconds of a process that loads and decides once."""
    times = []
    for _ in range(PROCESSES):
        begun = time.perf_counter_ns()
        subprocess.run([sys.executable, "-c", FIRST, *arguments], check=True)
        times.append((time.perf_counter_ns() - begun) / 1_000_000)
    return statistics.median(times)


def main() -> None:
    path = sys.argv[1]
    digest = f"sha256:{hashlib.sha256(Path(path).read_bytes()).hexdigest()}"
    policy = Policy.load(path, digest)
    print(f"{'':12} {'permit':>8} {'no-permit':>10}   µs, median of {CALLS:,} calls")
    requests = [(asked, json.dumps(asked).encode()) for asked in (PERMITTED, DENIED)]
    for name, times in [
        ("decide_json", [microseconds(lambda: policy.decide_json(request)) for _, request in requests]),
        ("decide", [microseconds(lambda: policy.decide(asked)) for asked, _ in requests]),
        ("verdict", [microseconds(lambda: policy.verdict(asked)) for asked, _ in requests]),
    ]:
        print(f"{name:12} {times[0]:8.1f} {times[1]:10.1f}")
    print(f"a process that loads and decides once: {first([path, digest, json.dumps(PERMITTED)]):.0f} ms")


if __name__ == "__main__":
    main()

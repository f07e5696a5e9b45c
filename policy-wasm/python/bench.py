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

ROUNDS = 9
CALLS = 2_000

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
    """The median of rounds, each the mean of many calls."""
    rounds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter_ns()
        for _ in range(CALLS):
            call()
        rounds.append((time.perf_counter_ns() - begun) / CALLS / 1_000)
    return statistics.median(rounds)


def first(arguments: list[str]) -> float:
    """Milliseconds of a process that loads and decides once."""
    rounds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter_ns()
        subprocess.run([sys.executable, "-c", FIRST, *arguments], check=True)
        rounds.append((time.perf_counter_ns() - begun) / 1_000_000)
    return statistics.median(rounds)


def main() -> None:
    path = sys.argv[1]
    digest = f"sha256:{hashlib.sha256(Path(path).read_bytes()).hexdigest()}"
    policy = Policy.load(path, digest)
    print(f"{'':12} {'permit':>8} {'no-permit':>10}   µs, median of {ROUNDS} rounds of {CALLS:,}")
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

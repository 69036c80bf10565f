"""Speed, each figure beside a limit measured in the same run: `python -m tests.benchmarks [P2 P3 …]`."""

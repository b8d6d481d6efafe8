"""Adds up pytest's reports: the last line says what ran. Exit status 1 if anything failed or nothing ran."""

import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter


def main(paths: list[str]) -> int:
    """Print one line for all reports together."""
    total: Counter[str] = Counter()
    for path in paths:
        for suite in ElementTree.parse(path).getroot().iter("testsuite"):
            total += Counter({k: int(suite.get(k, 0)) for k in ("tests", "failures", "errors", "skipped")})
    failed = total["failures"] + total["errors"]
    passed = total["tests"] - failed - total["skipped"]
    print(f"{passed} passed, {failed} failed, {total['skipped']} skipped")
    return int(failed > 0 or passed == 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

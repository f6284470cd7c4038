"""What a run says at its end."""

from collections import Counter, defaultdict
from pathlib import Path

from tests.fuzz.targets import target_named
from tests.fuzz.trial import Finding, Tally

_KEPT = 2  # inputs of each kind of finding


class Report:
    """Collects results, and keeps the inputs of what was found."""

    def __init__(self, save: Path) -> None:
        self.save = save
        self._tallies: defaultdict[str, Tally] = defaultdict(Tally)
        self._kinds: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], Finding] = {}

    @property
    def inputs(self) -> int:
        return sum(tally.inputs for tally in self._tallies.values())

    @property
    def found_anything(self) -> bool:
        return bool(self._kinds)

    def add(self, target: str, tally: Tally, findings: list[Finding]) -> None:
        self._tallies[target].add(tally)
        for finding in findings:
            kind = finding.target, finding.where
            self._kinds[kind] += 1
            self._tallies[target].findings[finding.where] += 1
            self._first.setdefault(kind, finding)
            if self._kinds[kind] <= _KEPT:
                self._keep(finding)

    def _keep(self, finding: Finding) -> None:
        folder = self.save / f"{finding.target}-{finding.seed}-{finding.number}"
        folder.mkdir(parents=True, exist_ok=True)
        target_named(finding.target).input(finding.seed, finding.number).write(folder / "input")
        (folder / "finding.txt").write_text(f"{finding.where}\n\n{finding.told}", errors="backslashreplace")

    def text(self) -> str:
        lines = [_row("target", "inputs", "per s", "opened", "answers", "refusals", "findings")]
        total = Tally()
        for name, tally in self._tallies.items():
            total.add(tally)
            lines.append(_line(name, tally))
        lines.append(_line("together", total))
        return "\n".join(lines + self._found())

    def _found(self) -> list[str]:
        lines = []
        for (target, where), count in self._kinds.most_common():
            first = self._first[target, where]
            last = first.told.strip().splitlines()[-1][:200].encode("ascii", "backslashreplace").decode()
            lines.append(f"{count:6d} × {target}: {where}: {last}")
            lines.append(f"         again: --only {target} --replay {first.seed}:{first.number}")
        return [*lines, f"The inputs are in {self.save}."] if lines else ["Nothing was found."]


def _line(name: str, tally: Tally) -> str:
    rate = f"{tally.inputs / tally.seconds:,.0f}" if tally.seconds else "–"
    counts = (tally.inputs, rate, tally.opened, tally.answers, tally.refusals, tally.findings.total())
    return _row(name, *(count if isinstance(count, str) else f"{count:,}" for count in counts))


def _row(name: str, *cells: str) -> str:
    return f"{name:16}" + "".join(f"{cell:>12}" for cell in cells)

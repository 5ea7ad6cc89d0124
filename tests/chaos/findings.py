"""What the checks count, with the first examples of each."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

COUNTERS = ("lost", "duplicated", "disordered", "diverged")
_EXAMPLES = 5


@dataclass
class Findings:
    """Counts by name; all of them zero is what a run is for."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def found(self, counter: str, what: str, times: int = 1) -> None:
        """One more of these, or several of a kind."""
        assert counter in COUNTERS
        self.counts[counter] += times
        if len(self.examples[counter]) < _EXAMPLES:
            self.examples[counter].append(what)

    def counted(self, what: str, found: int, wanted: int) -> None:
        """Fewer than there must be are lost, more are duplicated."""
        if found < wanted:
            self.found("lost", f"{what}: {found} instead of {wanted}", wanted - found)
        elif found > wanted:
            self.found("duplicated", f"{what}: {found} instead of {wanted}", found - wanted)

    @property
    def clean(self) -> bool:
        """Nothing was found."""
        return not any(self.counts.values())

    def __str__(self) -> str:
        return " ".join(f"{name}={self.counts[name]}" for name in COUNTERS)

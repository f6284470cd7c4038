"""The head of a comparison: which two, in words how they differ, the counters, filter and tolerance."""

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from ckpt_viewer.analysis.comparison import Status
from ckpt_viewer.formats.checkpoint import Checkpoint
from ckpt_viewer.session.pair_columns import PairColumns
from ckpt_viewer.session.path_labels import side_labels
from ckpt_viewer.session.wording import plural, printable
from ckpt_viewer.ui.widgets.counter_bar import CounterBar
from ckpt_viewer.ui.widgets.elided_label import ElidedLabel
from ckpt_viewer.ui.widgets.filter_field import FilterField
from ckpt_viewer.ui.widgets.flow_layout import FlowLayout
from ckpt_viewer.ui.widgets.name_rules import NameRules
from ckpt_viewer.ui.widgets.plain_text import plain_tooltip
from ckpt_viewer.ui.widgets.side_tag import SideTag
from ckpt_viewer.ui.widgets.tolerance_box import ToleranceBox


class ComparisonHead(QWidget):
    """Only shows and offers; the panel decides."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.counters = CounterBar()
        self.filter = FilterField()
        self.filter.setObjectName("compareFilter")
        self.filter.setPlaceholderText(self.tr("Filter by name – conv* /regex/ dtype:float32 size:>1M"))
        self.filter.setAccessibleName(self.tr("Filter pairs"))
        self.tolerance = ToleranceBox()
        self.names = NameRules()
        self._names_button = QToolButton()
        self.headline = ElidedLabel()
        self.headline.setObjectName("compareHeadline")
        self._paths = {side: ElidedLabel() for side in ("a", "b")}
        self._arrange()

    def set_checkpoints(self, a: Checkpoint, b: Checkpoint) -> None:
        labels = side_labels(a.path, b.path)
        for side, path, label in zip(self._paths, (a.path, b.path), labels, strict=True):
            self._paths[side].setText(label)
            self._paths[side].setToolTip(plain_tooltip(printable(str(path))))

    def show_counts(self, counts: Mapping[Status, int], within: int, damaged: int, measuring: bool) -> None:
        """Say how many differ, and how far that is known."""
        self.counters.set_counts(counts)
        self.headline.setText(headline(counts, within, damaged, measuring))

    def show_matches(self, pairs: PairColumns) -> None:
        """How many names of A found a partner in B."""
        counts = pairs.counts
        of_a = len(pairs) - counts["only-b"]
        matched = of_a - counts["only-a"]
        self.names.say(self.tr("{0} of {1} names of A are in B").format(f"{matched:,}", f"{of_a:,}"))

    def _arrange(self) -> None:
        self._names_button.setText(self.tr("Names…"))
        self._names_button.setToolTip(self.tr("Rules for variables that are called differently in A and B"))
        self._names_button.setCheckable(True)
        self._names_button.toggled.connect(self.names.setVisible)
        first = QHBoxLayout()
        for side, label in self._paths.items():
            first.addWidget(SideTag(side))
            first.addWidget(label)
            first.addSpacing(12)
        first.addWidget(self.headline)
        first.addStretch(1)
        first.addWidget(self._names_button)
        first.addWidget(self.tolerance)
        second = FlowLayout()
        second.addWidget(self.counters)
        second.addWidget(self.filter)
        self.filter.setMinimumWidth(180)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 6)
        column.setSpacing(4)
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(self.filter.why)
        column.addWidget(self.names)
        self.names.hide()


def headline(counts: Mapping[Status, int], within: int, damaged: int, measuring: bool) -> str:
    """`3 of 12 variables differ · 1 of them within tolerance · 1 damaged · measuring`."""
    total = sum(counts.values())
    differ = total - counts.get("identical", 0)
    if not total:
        return "Neither has variables"
    parts = [f"{differ:,} of {plural(total, 'variable')} differ"]
    if not differ:
        parts = [f"All {total:,} variables are equal" if total > 1 else "The only variable is equal"]
    parts += [f"{within:,} of them within tolerance"] if within else []
    parts += [f"{damaged:,} damaged"] if damaged else []
    parts += ["measuring…"] if measuring else []
    return " · ".join(parts)


def nothing_shown(pairs: PairColumns | None, filtered: bool) -> tuple[str, str]:
    """Why the table has no rows."""
    if pairs is None:
        return "Nothing to compare yet", ""
    if not len(pairs):
        return "Neither checkpoint has variables", ""
    if pairs.counts["identical"] == len(pairs) and not filtered:
        sides = f", {pairs.damaged:,} of them not as they were saved" if pairs.damaged else ""
        what = "equal checksums, whose values were not read" if pairs.unread else "equal contents"
        return "The two are equal", f"{plural(len(pairs), 'variable')} with {what}{sides}."
    return "No pair fits", "Choose another counter, or clear the filter."

"""Above the pictures of a comparison: which pair they are of."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ckpt_viewer.session.pair_columns import Names
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui.widgets.elided_label import ElidedLabel
from ckpt_viewer.ui.widgets.hidden_note import HiddenNote


class PairTitle(QWidget):
    """The names of the pair shown; `all_asked` where its row is hidden and the user wants to see it."""

    all_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareTitle")
        self._name, self.note = ElidedLabel(), HiddenNote()
        font = self._name.font()
        font.setBold(True)
        self._name.setFont(font)
        self.note.clicked.connect(self.all_asked)
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 4, 8, 0)
        line.setSpacing(12)
        line.addWidget(self._name)
        line.addWidget(self.note)
        line.addStretch(1)
        line.addStrut(self.note.sizeHint().height())  # the pictures below stay as they are when it comes

    @property
    def text(self) -> str:
        return self._name.text()

    def set_pair(self, names: Names | None, full_name: str = "", *, hidden: bool) -> None:
        """Both names where they are not one, as the rules of a comparison have it, after what people say."""
        different = dict.fromkeys(printable(name) for name in names or () if name is not None)
        self._name.setText(" · ".join(filter(None, [printable(full_name), " → ".join(different)])))
        self.note.setVisible(hidden and names is not None)
        self.setVisible(names is not None)

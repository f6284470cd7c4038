"""What stands in the middle while no tab is open."""

from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import State
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui.icons import application_icon, icon
from ckpt_viewer.ui.widgets.sentence import Sentence

SHOWN = 6
PICTURE, COLUMN, FRAME = 72, 560, 5  # pixels
LOOK = f"""
#dropPlace {{ border: 2px dashed palette(mid); border-radius: 12px; }}
QListWidget {{ border: 1px solid palette(mid); border-radius: 8px; padding: {FRAME - 1}px; }}
QListWidget::item {{ padding: 4px 6px; }}
"""


class Welcome(QWidget):
    """A first sentence, or why the folder just opened shows nothing; below it the folders opened lately."""

    open_asked = Signal()
    sample_asked = Signal()
    folder_chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self._session = session
        self._picture, self._sentence = QLabel(), Sentence()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setPixmap(application_icon().pixmap(QSize(PICTURE, PICTURE)))
        self._heading = QLabel(self.tr("Opened lately"))
        self._heading.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._recent = QListWidget()
        self._recent.setAccessibleName(self.tr("Recent folders"))
        self._recent.setIconSize(QSize(16, 16))
        self._recent.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._recent.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._recent.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._recent.itemActivated.connect(self._choose)
        self._arrange()
        session.listen(self._session_changed)
        self._show(session.state)

    def leave(self) -> None:
        self._session.forget(self._session_changed)

    def text(self) -> str:
        return self._sentence.text()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_recent"):
            self._show_recent()

    def _arrange(self) -> None:
        place = QFrame()
        place.setObjectName("dropPlace")
        inside = QVBoxLayout(place)
        inside.setContentsMargins(16, 28, 16, 12)
        inside.addWidget(self._picture)
        inside.addWidget(self._sentence)
        self.setStyleSheet(LOOK)
        column = QVBoxLayout()
        column.addStretch(2)
        column.addWidget(place)
        column.addSpacing(20)
        column.addWidget(self._heading)
        column.addWidget(self._recent)
        column.addStretch(3)
        row = QHBoxLayout(self)
        row.addStretch(1)
        row.addLayout(column)
        row.addStretch(1)
        place.setFixedWidth(COLUMN)
        self._recent.setFixedWidth(COLUMN)

    def _session_changed(self, before: State, after: State) -> None:
        if (before.message, before.roots) != (after.message, after.roots):
            self._show(after)

    def _show(self, state: State) -> None:
        title, _, text = state.message.partition("\n")
        self._sentence.setObjectName("message" if title else "")
        buttons = [
            (self.tr("Open folder…"), self.open_asked.emit),
            (self.tr("Open the sample"), self.sample_asked.emit),
        ]
        self._sentence.set(
            title or self.tr("See what is in a folder of TensorFlow checkpoints."),
            text or self.tr("Open a folder, or drop one here."),
            buttons,
        )
        self._sentence.findChildren(QPushButton)[-len(buttons)].setDefault(True)
        self._show_recent()

    def _show_recent(self) -> None:
        self._recent.clear()
        for folder in self._session.settings.remembered.recent[:SHOWN]:
            item = QListWidgetItem(icon("folder"), printable(folder))
            item.setData(Qt.ItemDataRole.UserRole, folder)
            self._recent.addItem(item)
        rows = self._recent.sizeHintForRow(0) * self._recent.count()
        self._recent.setFixedHeight(max(rows, 0) + 2 * FRAME)
        for widget in (self._heading, self._recent):
            widget.setVisible(self._recent.count() > 0)

    def _choose(self, item: QListWidgetItem) -> None:
        self.folder_chosen.emit(Path(item.data(Qt.ItemDataRole.UserRole)))

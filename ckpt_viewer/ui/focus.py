"""Where the keyboard is: into panes and dialogs, and a frame that shows it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QDialog, QStackedLayout, QWidget

from ckpt_viewer.ui import theme

WIDTH = 2
# The focus comes back by itself after these.
PASSING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class FocusMark(QWidget):
    """A frame over the widget that was gone to by key; it leaves with the focus."""

    def __init__(self, target: QWidget) -> None:
        super().__init__(target)
        self._target = target
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(target.rect())
        target.installEventFilter(self)
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._target.rect())
        elif isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in PASSING:
            self.hide()
            self.deleteLater()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, half = QPainter(self), WIDTH // 2
        painter.setPen(QPen(QColor(theme.current().accent), WIDTH))
        painter.drawRect(self.rect().adjusted(half, half, -half, -half))


def target_in(pane: QWidget) -> QWidget | None:
    """What the keys are meant for in a pane: the largest part in sight that takes the focus by Tab."""
    parts = [part for part in (pane, *pane.findChildren(QWidget)) if _takes_focus(part)]
    return max(parts, key=_area, default=None)


def nearest(panes: Sequence[QWidget], widget: QWidget) -> int:
    """The place of the pane that shares most with it of what is around them; of equal ones the first."""
    around = _around(widget)
    shared = [len(around & _around(pane)) for pane in panes]
    return shared.index(max(shared))


def show_in(stack: QStackedLayout, widget: QWidget) -> None:
    """Bring it to the front; where the one before had the focus, Qt would give it to whatever comes first."""
    before = stack.currentWidget()
    had_focus = before is not widget and holds(before, QApplication.focusWidget())
    stack.setCurrentWidget(widget)
    if had_focus and (target := target_in(widget)):
        target.setFocus()


def holds(pane: QWidget | None, widget: QWidget | None) -> bool:
    return pane is not None and widget is not None and (pane is widget or pane.isAncestorOf(widget))


def go_to(widget: QWidget) -> None:
    """Give it the focus, and show that."""
    widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
    FocusMark(widget)


def present(dialog: QDialog) -> None:
    """Show a dialog and give it the keyboard, also where no window manager does; then give it back."""
    if parent := dialog.parentWidget():
        dialog.finished.connect(parent.activateWindow)
    else:
        theme.dress(dialog)
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()


def _takes_focus(widget: QWidget) -> bool:
    """Tab widgets hand it on to their tabs."""
    by_tab = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    return bool(by_tab) and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None


def _around(widget: QWidget) -> set[QWidget]:
    around = {widget}
    while parent := widget.parentWidget():
        around.add(widget := parent)
    return around


def _area(widget: QWidget) -> int:
    return widget.width() * widget.height()

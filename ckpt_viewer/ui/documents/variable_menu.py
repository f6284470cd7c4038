"""What can be done with a row of the variables, offered where it is clicked or the Menu key is pressed."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu

from ckpt_viewer.formats.checkpoint import Variable
from ckpt_viewer.session.wording import printable
from ckpt_viewer.ui.value_views import VALUE_VIEWS
from ckpt_viewer.ui.widgets.variable_tree_view import VariableTreeView
from ckpt_viewer.ui.widgets.variable_view import VariableView

if TYPE_CHECKING:
    from ckpt_viewer.ui.documents.checkpoint_page import CheckpointPage

_PLAIN_SCOPE = re.compile(r'[^/\s"*:][^\s"*:]*')  # a filter takes it as it stands


class VariableMenu(QObject):
    """Made anew for each row, mostly of the window's own actions."""

    def __init__(self, page: "CheckpointPage") -> None:
        super().__init__(page)
        self._page = page
        for view in (page.variables.table, page.variables.tree):
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(self._open)

    def _open(self, place: QPoint) -> None:
        view = self.sender()
        if not isinstance(view, VariableView | VariableTreeView):
            return
        index = view.indexAt(place)
        if not index.isValid():
            return
        if isinstance(view, VariableTreeView):
            scope, variable = view.tree.scope(index).path, view.tree.variable(index)
        else:
            scope, variable = "", view.table.variable(index.row())
        menu = QMenu(view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill(menu, view, variable, scope)
        menu.popup(view.viewport().mapToGlobal(place))

    def _fill(
        self, menu: QMenu, view: VariableView | VariableTreeView, variable: Variable | None, scope: str
    ) -> None:
        """A row that is no variable is a scope."""
        name = scope
        about_it: tuple[str, ...] = ("export", "compare_previous")
        if variable:
            name, scope = variable.name, variable.name.rpartition("/")[0]
            about_it = ("export", "run_over_time", "compare_previous", "variable_in_graph")
            self._add_views(menu.addMenu(self.tr("Open in view")))
        _add(menu, self.tr("Copy name"), lambda: QGuiApplication.clipboard().setText(printable(name)))
        _add(menu, self.tr("Copy rows"), view.copy_rows)
        menu.addSeparator()
        for action in about_it:
            menu.addAction(self._action(action))
        menu.addSeparator()
        wanted = _filter_of(scope)
        session, key = self._page.session, self._page.key
        by_scope = _add(menu, self.tr("Filter by this scope"), lambda: session.update(key, filter=wanted))
        by_scope.setEnabled(bool(wanted))

    def _add_views(self, menu: QMenu) -> None:
        for number, view in enumerate(VALUE_VIEWS, start=1):
            if self._page.offers_view(view.title):
                menu.addAction(self._action(f"view_{number}"))

    def _action(self, name: str) -> QAction:
        found = self._page.window().findChild(QAction, name)
        assert isinstance(found, QAction)
        return found


def _add(menu: QMenu, text: str, call: Callable[[], object]) -> QAction:
    action = menu.addAction(text)
    action.triggered.connect(lambda: call())
    return action


def _filter_of(scope: str) -> str:
    """What leaves the variables of this scope; nothing where no filter can say it."""
    if _PLAIN_SCOPE.fullmatch(scope):
        return f"{scope}/*"
    return f'"{scope}/"' if scope and '"' not in scope else ""

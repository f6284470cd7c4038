"""The variables of one checkpoint: a table to filter, sort, select from and scan."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ckpt_viewer.errors import Problem
from ckpt_viewer.formats.checkpoint import Array, Checkpoint, Role, Variable
from ckpt_viewer.formats.listing import Columns
from ckpt_viewer.formats.values.dtypes import is_numeric
from ckpt_viewer.session.filters import Filter, Haystack
from ckpt_viewer.session.session import Session
from ckpt_viewer.session.state import CheckpointDocument, State
from ckpt_viewer.session.wording import count_text, plural, size_text
from ckpt_viewer.ui import readout
from ckpt_viewer.ui.dragged_files import DragFolder
from ckpt_viewer.ui.item_models.variable_columns import FULL_NAME, NAME, SCANNED
from ckpt_viewer.ui.item_models.variable_table import VariableTableModel
from ckpt_viewer.ui.item_models.variable_tree import VariableTreeModel
from ckpt_viewer.ui.task_runner import TaskRunner
from ckpt_viewer.ui.value_scan import ValueScan
from ckpt_viewer.ui.widgets.filter_field import FilterField
from ckpt_viewer.ui.widgets.flow_layout import FlowLayout
from ckpt_viewer.ui.widgets.numbers import screen_count
from ckpt_viewer.ui.widgets.role_chips import RoleChips
from ckpt_viewer.ui.widgets.sentence import Choice, Sentence
from ckpt_viewer.ui.widgets.variable_tree_view import VariableTreeView
from ckpt_viewer.ui.widgets.variable_view import VariableView

if TYPE_CHECKING:
    from ckpt_viewer.analysis.summary import Summary
    from ckpt_viewer.analysis.verification import Verification

_LEAST_FILTER = 160  # pixels in which a filter can be read


class VariablesPanel(QWidget):
    """Follows the filter, role and variable of its document, and changes them.

    Args:
        key: That of the checkpoint's document.
    """

    told = Signal(str)  # how much is shown, selected, scanned; nothing where that is all there is
    chosen_hidden = Signal(bool)  # whether the filter leaves out the row of the variable chosen

    def __init__(self, session: Session, tasks: TaskRunner, key: str) -> None:
        super().__init__()
        self._session, self._key = session, key
        self._checkpoint: Checkpoint | None = None
        self._rows_shown: object = None
        self._totals_text = self.said = ""
        self.hides_chosen = False
        self.model = VariableTableModel(self)
        self.table = VariableView(self.model)
        self.tree = VariableTreeView(VariableTreeModel(self.model), self.table)
        self._by_scope = QToolButton()
        self._chips, self._filter, self._sentence = RoleChips(), FilterField(), Sentence()
        self._scan_button = QPushButton(self.tr("Scan values"))
        self._scan = ValueScan(tasks, key, self)
        self._unread: list[Problem] = []  # what the last scan could not read
        self._drags = DragFolder()
        self._lay_out()
        self.table.put_back(session.settings)
        self._connect()
        session.listen(self._follow)

    def show_first(self, variables: Sequence[Variable]) -> None:
        """Show the first variables of a checkpoint that is being read; what they are for comes later."""
        self.model.set_first(variables)
        self._rows_shown = None
        self._show_document()
        self.table.fit_columns()

    def set_checkpoint(self, checkpoint: Checkpoint | None, haystack: Haystack | None = None) -> None:
        """`haystack` is made of its variables where it is not given."""
        self._scan.stop()
        self._checkpoint = checkpoint
        variables = checkpoint.variables if checkpoint else ()
        haystack = haystack or Haystack(variables)
        if not self.model.complete(variables, haystack):
            self.model.set_variables(variables, haystack)
        self._show_roles()
        self._scan_button.setEnabled(bool(variables))
        self._show_document()
        self.table.fit_columns()
        self._show_checks(self._verified(self._session.state))
        self._begin_somewhere()

    def judge_again(self, variables: Sequence[Variable], haystack: Haystack | None = None) -> None:
        """Show the same variables with other roles and names; rows, values and choices stay."""
        self.model.judge_again(variables, haystack)
        self._show_roles()
        self._show_document()

    def selected_variables(self) -> list[Variable]:
        """The selected rows, top to bottom."""
        return self._view.selected_variables()

    def choose_first(self) -> None:
        """Choose the first row that the filter leaves, unless the chosen one is among them."""
        unchosen = self.hides_chosen or not self.table.currentIndex().isValid()
        if unchosen and (places := self.model.places(slice(1))):
            self._session.update(self._key, variable=self.model.columns.names[places[0]])

    def scan_values(self) -> None:
        """Read the values of all variables shown and fill in their statistics; again, to stop."""
        if self._scan.running:
            self._scan.stop()
            self._end_scan()
        elif self._checkpoint:
            self.table.show_statistics()
            self.tree.follow_columns()
            self._unread = []
            self._scan.start(self._checkpoint, self._wanted())
            self._scan_button.setText(self.tr("Stop scanning"))
            self._tell()

    def leave(self) -> None:
        """Follow the session no longer; call before the panel goes away."""
        self._scan.stop()
        self._session.forget(self._follow)
        self._drags.clean_up()
        self.table.keep(self._session.settings)

    def _show_roles(self) -> None:
        """Count the roles, and show the names people gave where there are any."""
        columns = self.model.columns
        self._chips.set_counts(columns.role_counts)
        self.table.setColumnHidden(FULL_NAME, not any(columns.full_names))
        self._rows_shown = None

    def _wanted(self) -> list[tuple[int, Variable]]:
        shown = [(place, self.model.variables[place]) for place in self.model.places()]
        readable = [(place, v) for place, v in shown if is_numeric(v.dtype) and not v.problem]
        return [entry for entry in readable if entry[0] not in self.model.summaries] or readable

    def mark(self, name: str, problem: Problem) -> None:
        """Let the row of a variable say what is wrong with it."""
        if name in (names := self.model.columns.names):
            self.model.add_found({names.index(name): problem})

    @property
    def _view(self) -> VariableView | VariableTreeView:
        return self.tree if self._by_scope.isChecked() else self.table

    def _lay_out(self) -> None:
        self._filter.setObjectName("variableFilter")
        self._filter.setAccessibleName(self.tr("Filter variables"))
        self._filter.setPlaceholderText(self.tr("Filter: conv* dtype:float32 size:>1M …"))
        self._filter.setMinimumWidth(_LEAST_FILTER)
        self._scan_button.setToolTip(self.tr("Read all values of the variables shown, for exact statistics"))
        self._by_scope.setText(self.tr("By scope"))
        self._by_scope.setToolTip(self.tr("Show the variables as a tree by the scopes in their names"))
        self._by_scope.setCheckable(True)
        tools = QWidget()
        tools.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(tools)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._filter, 1)
        line.addWidget(self._by_scope)
        line.addWidget(self._scan_button)
        top = FlowLayout()
        top.addWidget(self._chips)
        top.addWidget(tools)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.tree)
        self._stack.addWidget(self._sentence)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self._filter.why)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._chips.picked.connect(self._pick_role)
        self._filter.textChanged.connect(self._type_filter)
        self._scan_button.clicked.connect(self.scan_values)
        self._scan.found.connect(self._take_found)
        self._scan.ended.connect(self._end_scan)
        self.table.drag_asked.connect(self._drag)
        selection = self.table.selectionModel()
        selection.currentRowChanged.connect(self._pick_row)
        selection.selectionChanged.connect(self._tell)
        self.tree.selectionModel().currentRowChanged.connect(self._pick_scope)
        self.tree.selectionModel().selectionChanged.connect(self._tell)
        self.tree.rebuilt.connect(self._tree_rebuilt)
        self._by_scope.toggled.connect(self._change_view)
        self.model.layoutChanged.connect(self._rebuild_tree)

    def _follow(self, before: State, after: State) -> None:
        if after.find(self._key) is not before.find(self._key):
            self._show_document()
        if (found := self._verified(after)) is not self._verified(before):
            self._show_checks(found)

    def _verified(self, state: State) -> Verification | None:
        document = state.find(self._key)
        return state.verified.get(document.path) if isinstance(document, CheckpointDocument) else None

    def _show_checks(self, found: Verification | None) -> None:
        """Mark the rows by what verifying found."""
        self.model.set_checks(found.variables if found else ())
        if found and found.variables:
            self.table.show_checks()
            self.tree.follow_columns()

    def _show_document(self) -> None:
        """Bring filter, chip, rows and selection in line with the document."""
        document = self._session.state.find(self._key)
        if not isinstance(document, CheckpointDocument):
            return
        if self._filter.text() != document.filter:
            self._filter.setText(document.filter)
        self._chips.press(document.role)
        wanted = document.filter, document.role
        if wanted != self._rows_shown:
            self._rows_shown = wanted
            self._show_rows(document)
        self._select(document.variable)
        self._tell()

    def _show_rows(self, document: CheckpointDocument) -> None:
        wanted = Filter.parse(document.filter)
        self.model.show_only(wanted, document.role)
        if self.model.left_out:
            self._filter.tell(self.model.left_out)
        self._totals_text = _totals(self.model.columns, self.model.shown)
        self._rebuild_tree()
        if self.model.rowCount() or self._checkpoint is None:
            self._stack.setCurrentWidget(self._view)
        elif not self.model.variables:
            self._say(self.tr("This checkpoint holds no variables."), "", [])
        else:
            title = self.tr("No variable matches this filter.")
            self._say(title, wanted.problem, [(self.tr("Show all"), self._show_all)])

    def _say(self, title: str, text: str, buttons: list[Choice]) -> None:
        self._sentence.set(title, text, buttons)
        self._stack.setCurrentWidget(self._sentence)

    def _select(self, name: str | None) -> None:
        """Select the row of this variable, unless it is among the selected ones already."""
        if self._by_scope.isChecked() and name is not None:
            self.tree.choose(name)
        current = self.table.currentIndex()
        if current.isValid() and self.model.variable(current.row()).name == name:
            self._say_hidden(False)
            return
        row = None if name is None else self.model.row_of(name)
        self._say_hidden(row is None and name is not None and not self.model.partial)
        if row is None:
            return
        flags = QItemSelectionModel.SelectionFlag
        index = self.model.index(row, NAME)
        self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.table.scrollTo(index)

    def _say_hidden(self, hidden: bool) -> None:
        if hidden != self.hides_chosen:
            self.hides_chosen = hidden
            self.chosen_hidden.emit(hidden)

    def _pick_scope(self, current: QModelIndex) -> None:
        if variable := self.tree.tree.variable(current):
            self._session.update(self._key, variable=variable.name)

    def _change_view(self) -> None:
        self._rows_shown = None
        self._show_document()

    def _rebuild_tree(self) -> None:
        if self._by_scope.isChecked():
            self.tree.rebuild()

    def _tree_rebuilt(self) -> None:
        document = self._session.state.find(self._key)
        self._select(document.variable if isinstance(document, CheckpointDocument) else None)

    def _pick_role(self, role: Role | None) -> None:
        self._session.update(self._key, role=role)

    def _type_filter(self, text: str) -> None:
        self._session.update(self._key, filter=text)

    def _pick_row(self, current: QModelIndex) -> None:
        if current.isValid():
            self._session.update(self._key, variable=self.model.variable(current.row()).name)

    def _take_found(self, found: dict[int, Summary | Problem]) -> None:
        self.model.add_found(found)
        self._unread += [fact for fact in found.values() if isinstance(fact, Problem)]
        document = self._session.state.find(self._key)
        if isinstance(document, CheckpointDocument) and any(
            not isinstance(fact, Problem) and fact.nan for fact in found.values()
        ):
            self._session.mark_nan(document.path)
        self._tell()

    def _end_scan(self) -> None:
        self._scan_button.setText(self.tr("Scan values"))
        if self._unread:
            first, text = self._unread[0], self.tr("⚠ {0} could not be read: {1} {2}")
            count = plural(len(self._unread), "variable")
            readout.show(self, text.format(count, first.message, first.hint).rstrip())
        header = self.table.horizontalHeader()
        if header.sortIndicatorSection() in SCANNED:
            self.model.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())
        self.table.fit_columns()
        self.tree.follow_columns()
        self._tell()

    def _show_all(self) -> None:
        self._session.update(self._key, filter="", role=None)

    def _tell(self) -> None:
        """Say how much is selected or left by the filter, and how far the scan has come."""
        chosen, parts = self._view.selected_places(), []
        if len(chosen) > 1:
            parts.append(self.tr("{0} selected").format(_totals(self.model.columns, chosen)))
        elif self.model.rowCount() < len(self.model.variables) and not self.model.partial:
            shown = self.tr("{0} of {1} shown")
            parts.append(shown.format(self._totals_text, screen_count(len(self.model.variables))))
        if self._scan.running:
            parts.append(self.tr("scanned {0} of {1}").format(self._scan.done, self._scan.total))
        if (said := " · ".join(parts)) != self.said:
            self.said = said
            self.told.emit(said)

    def _drag(self) -> None:
        files = self._checkpoint and self._drags.files(self._checkpoint, self.selected_variables())
        if files:
            drag = QDrag(self.table)
            drag.setMimeData(files)
            drag.exec(Qt.DropAction.CopyAction)
            if files.problem:
                readout.show(self, f"⚠ {files.problem.message} {files.problem.hint}".rstrip())

    def _begin_somewhere(self) -> None:
        """Where nothing is chosen, choose a weight that makes a picture, else any, else what comes first."""
        document = self._session.state.find(self._key)
        shown = self.model.places()
        if not shown or not isinstance(document, CheckpointDocument) or document.variable is not None:
            return
        columns = self.model.columns
        weights = (place for place in shown if columns.roles[place] == "weight")
        any_weight = next(weights, shown[0])
        pictures = (place for place in chain([any_weight], weights) if len(columns.shapes[place]) > 1)
        self._session.update(self._key, variable=columns.names[next(pictures, any_weight)])


def _totals(columns: Columns, places: Sequence[int] | Array) -> str:
    count, size = columns.amounts[:, places].sum(axis=1).tolist()
    params = f"{count_text(count)} {'param' if count == 1 else 'params'}"
    return f"{plural(len(places), 'variable')} · {params} · {size_text(size)}"

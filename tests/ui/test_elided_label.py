from PySide6.QtWidgets import QHBoxLayout, QWidget

from ckpt_viewer.ui.widgets.elided_label import ElidedLabel

LONG = "a_scope_whose_name_goes_on/" * 40


def test_a_long_name_does_not_widen_its_window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    QHBoxLayout(window).addWidget(ElidedLabel(LONG))
    window.resize(200, 40)
    window.show()
    assert window.width() == 200


def test_the_whole_name_stays_to_be_had(qtbot):
    label = ElidedLabel("<b>" + LONG)
    qtbot.addWidget(label)
    assert label.text() == "<b>" + LONG
    assert "&lt;b&gt;" in label.toolTip()

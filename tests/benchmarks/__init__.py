"""The promises, measured."""

import ckpt_viewer.cli  # noqa: F401 - settings of the program that have to be made before numpy is loaded
from ckpt_viewer.threads import switch_soon

switch_soon()

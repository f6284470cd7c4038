"""Arrays → files."""

from ckpt_viewer.export.exporters import EXPORTERS, Exporter, Written, default_file_name, export_variables
from ckpt_viewer.export.names import safe_parts

__all__ = ["EXPORTERS", "Exporter", "Written", "default_file_name", "export_variables", "safe_parts"]

"""Office Ally's text reports, and the names of all that it lays out for pick-up.

An account gets these reports unless it asks for X12 acknowledgments: the File Summary says which claims the clearinghouse
took in, the EDI Status what the payers say of them. Both are fixed columns for people's eyes, and have no published
grammar: whoever reads them must expect pages, wrapped lines and columns that move.
"""

from edi.officeally.edi_status import EdiStatus, StatusRow
from edi.officeally.edi_status_read import read_edi_status
from edi.officeally.edi_status_write import write_edi_status
from edi.officeally.file_summary import ErrorText, FileSummary, Section, SummaryRow
from edi.officeally.file_summary_read import read_file_summary
from edi.officeally.file_summary_write import write_file_summary
from edi.officeally.names import Promise, promised
from edi.officeally.recognition import EDI_STATUS, ERA_STATUS, FILE_SUMMARY, is_whole, report_kind

__all__ = [
    "EDI_STATUS",
    "ERA_STATUS",
    "FILE_SUMMARY",
    "EdiStatus",
    "ErrorText",
    "FileSummary",
    "Promise",
    "Section",
    "StatusRow",
    "SummaryRow",
    "is_whole",
    "promised",
    "read_edi_status",
    "read_file_summary",
    "report_kind",
    "write_edi_status",
    "write_file_summary",
]

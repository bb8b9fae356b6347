"""Packs for the members' meeting: Excel, Word and PDF, made at one go of the same rows."""

import io
from collections.abc import Callable, Iterator

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from measures.enums import PackFileKind, PackStep
from measures.models import Pack
from measures.services.packs import MadeFile, PackOverError, fail_pack, finish_pack, note_step

from .asked_board import WrongAddressError, check_asked_board
from .asked_pack import asking
from .board import Board
from .file_names import plan_document_name, plan_pdf_name
from .pdf.compiler import PdfError
from .pdf.plan import write_plan_pdf
from .word.document import write_plan_document
from .workbook.board import board_file_name, write_board_workbook


class PackError(Exception):
    """The pack could not be made; the text tells people why."""


def make_pack(pack: Pack) -> None:
    """Make the files of a pack that was asked for: all of them, or none and a word on why.

    Raises PackError or PackOverError, and whatever went wrong besides.
    """
    try:
        finish_pack(pack=pack, files=list(_make_files(pack)))
    except PackOverError:
        raise
    except Exception as error:
        fail_pack(pack=pack, failure=str(error) if isinstance(error, PackError) else "")
        raise


def _make_files(pack: Pack) -> Iterator[MadeFile]:
    note_step(pack=pack, step=PackStep.ROWS)
    board = _read_board(pack)
    for step, make in MAKERS.items():
        note_step(pack=pack, step=step)
        yield make(board, pack)


def _read_board(pack: Pack) -> Board:
    try:
        return check_asked_board(asking(pack.query), pack.plan.slug).read()
    except WrongAddressError as error:
        raise PackError(" ".join(error.errors)) from error


def _make_excel(board: Board, pack: Pack) -> MadeFile:
    stream = io.BytesIO()
    write_board_workbook(board, made_by=str(pack.made_by), made_at=localtime(pack.made_at), stream=stream)
    return MadeFile(PackFileKind.EXCEL, board_file_name(board.tree), stream.getvalue())


def _make_word(board: Board, pack: Pack) -> MadeFile:
    stream = io.BytesIO()
    write_plan_document(
        board.tree,
        with_progress=True,
        period=board.period,
        said=board.said,
        made_by=str(pack.made_by),
        made_at=localtime(pack.made_at),
        stream=stream,
    )
    return MadeFile(PackFileKind.WORD, plan_document_name(board.tree, with_progress=True), stream.getvalue())


def _make_pdf(board: Board, pack: Pack) -> MadeFile:
    try:
        file = write_plan_pdf(
            board.tree,
            directions=board.strategy.titles,
            trend=board.trend,
            period=board.period,
            said=board.said,
            made_by=str(pack.made_by),
            made_at=localtime(pack.made_at),
        )
    except PdfError as error:
        message = _("The PDF could not be made: there is too much in it. Narrow down what is shown.")
        raise PackError(message) from error
    return MadeFile(PackFileKind.PDF, plan_pdf_name(board.tree), file)


# Steps come in the order in which they are taken.
MAKERS: dict[PackStep, Callable[[Board, Pack], MadeFile]] = {
    PackStep.EXCEL: _make_excel,
    PackStep.WORD: _make_word,
    PackStep.PDF: _make_pdf,
}

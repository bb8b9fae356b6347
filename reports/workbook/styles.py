"""How the cells of a workbook look: one named style for each look, as Excel lists them."""

from dataclasses import dataclass, replace

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

from measures.enums import Standing

FONT, SIZE = "Calibri", 10
INK, LINE, SEA, SEA_SOFT = "14212B", "B7C3CB", "0B5C7A", "E3EFF4"
PERCENT_FORMAT = "0\\\N{NO-BREAK SPACE}%"
DATE_FORMAT = "yyyy-mm-dd"


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How a cell looks. Each look is made once and used again, which is what keeps writing fast.

    `name` is that of the style in the file; as those of tables it is the same in every language.
    """

    name: str
    bold: bool = False
    size: float = SIZE
    colour: str = INK
    fill: str = ""
    align: str = "left"
    number_format: str = "General"
    is_boxed: bool = True

    @property
    def is_indented(self) -> bool:
        """Return whether the text keeps off the border: figures would touch the next column's text."""
        return self.align == "right"

    def style(self) -> NamedStyle:
        """Return the style that the file is to have."""
        style = NamedStyle(
            self.name,
            font=Font(name=FONT, size=self.size, bold=self.bold, color=self.colour),
            alignment=Alignment(
                horizontal=self.align, vertical="top", wrap_text=True, indent=int(self.is_indented)
            ),
            number_format=self.number_format,
        )
        if self.fill:
            style.fill = PatternFill("solid", start_color=self.fill)
        if self.is_boxed:
            side = Side(style="thin", color=LINE)
            style.border = Border(left=side, right=side, top=side, bottom=side)
        return style


TITLE = Look("Plano pavadinimas", bold=True, size=16, is_boxed=False)
SUBTITLE = Look("Plano paantraštė", bold=True, size=12, colour=SEA, is_boxed=False)
SENTENCE = Look("Plano sakinys", size=11, is_boxed=False)
REMARK = Look("Plano pastaba", colour="52616D", is_boxed=False)
BANNER = Look("Plano įspėjimas", bold=True, size=11, colour="6D4E0C", fill="F7EFDC", is_boxed=False)
HEAD = Look("Lentelės galva", bold=True, colour="FFFFFF", fill=SEA)
HEAD_NUMBER = Look("Lentelės galva, skaičiai", bold=True, colour="FFFFFF", fill=SEA, align="right")
BAND = Look("Lentelės juosta", bold=True, size=11, fill=SEA_SOFT)
BODY = Look("Lentelės tekstas")
BODY_BOLD = Look("Lentelės tekstas, ryškus", bold=True)
NUMBER = Look("Lentelės skaičius", align="right")
NUMBER_BOLD = Look("Lentelės skaičius, ryškus", bold=True, align="right")
PERCENT = Look("Lentelės procentai", align="right", number_format=PERCENT_FORMAT)
PERCENT_BOLD = Look("Lentelės procentai, ryškūs", bold=True, align="right", number_format=PERCENT_FORMAT)
LINK = Look("Lentelės nuoroda", colour=SEA)
DAY = Look("Lentelės data", number_format=DATE_FORMAT)

# Fill and text of each standing; every pair has a contrast of more than 4.5 : 1.
STANDINGS = {
    Standing.DONE: Look("Būsena: įvykdyta", bold=True, fill="E3F3E9", colour="14603A"),
    Standing.IN_PROGRESS: Look("Būsena: vykdoma", bold=True, fill="E3EFF9", colour="1A5788"),
    Standing.LATE: Look("Būsena: vėluoja", bold=True, fill="FBE9E7", colour="9C2018"),
    Standing.CONDITIONAL: Look("Būsena: priklauso nuo sąlygos", bold=True, fill="EFEAF8", colour="553A92"),
    Standing.POSTPONED: Look("Būsena: atidėta", bold=True, fill="F7EFDC", colour="6D4E0C"),
    Standing.CANCELLED: Look("Būsena: atšaukta", bold=True, fill="ECECEE", colour="50545A"),
    Standing.NOT_STARTED: Look("Būsena: nepradėta", bold=True, fill="EAEEF1", colour="46535E"),
}
STANDING_HEADS = {
    standing: replace(look, name=f"{look.name}, skaičiai", align="right")
    for standing, look in STANDINGS.items()
}
# What charts paint the standings with: the tokens of the pages' bars.
STANDING_COLOURS = {
    Standing.DONE: "1B7A46",
    Standing.IN_PROGRESS: "2574B4",
    Standing.LATE: "B8291F",
    Standing.CONDITIONAL: "6B4BB0",
    Standing.POSTPONED: "8F6A1A",
    Standing.CANCELLED: "666B72",
    Standing.NOT_STARTED: "84919C",
}

"""The cells of a source's columns, in the few forms that fields are made of."""

from casequality.records.intake.cells.arrow_cells import ArrowCells, arrow, is_text, row_numbers
from casequality.records.intake.cells.cells import (
    INFINITE,
    NONE,
    ArrayKeys,
    Cells,
    Clock,
    KeyIndex,
    KeyOrder,
    Keys,
    Numbers,
    Positions,
    Rows,
    Texts,
    Times,
)
from casequality.records.intake.cells.dialect import (
    DAY,
    LARGEST,
    Dialect,
)
from casequality.records.intake.cells.tables import (
    BLOCK_ROWS,
    Batch,
    FileTable,
    Origin,
    Piece,
    ReadOptions,
    SourceTable,
    library,
)
from casequality.records.intake.cells.text_cells import ObjectCells, TextCells, written

__all__ = [
    "BLOCK_ROWS",
    "DAY",
    "INFINITE",
    "LARGEST",
    "NONE",
    "ArrayKeys",
    "ArrowCells",
    "Batch",
    "Cells",
    "Clock",
    "Dialect",
    "FileTable",
    "KeyIndex",
    "KeyOrder",
    "Keys",
    "Numbers",
    "ObjectCells",
    "Origin",
    "Piece",
    "Positions",
    "ReadOptions",
    "Rows",
    "SourceTable",
    "TextCells",
    "Texts",
    "Times",
    "arrow",
    "is_text",
    "library",
    "row_numbers",
    "written",
]

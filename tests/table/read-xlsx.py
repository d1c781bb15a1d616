"""Prints the first sheet of an XLSX file as openpyxl sees it: sTEXT, nNUMBER, - for an empty cell."""
import sys

import openpyxl


def show(cell):
    if cell.value is None:
        return "-"
    return ("n" if cell.data_type == "n" else cell.data_type) + repr(cell.value)


sheet = openpyxl.load_workbook(sys.argv[1]).worksheets[0]
for row in sheet.iter_rows():
    print(" ".join(show(cell) for cell in row))

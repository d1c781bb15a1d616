"""Writes spreadsheet files of every kind into FOLDER, and beside each what a reader must find in it.

Usage: make-sheets.py FOLDER. What is expected is known from what was written, never read back. cases.txt lists: name, format,
sheet to read ("-": the best). NAME.expected holds the sheets, the one that is read and its rows, or the code of an error.
A cell is a letter of its kind (t n d b e, - for empty), its text, and a percent or currency sign of its format.
"""
import datetime
import os
import struct
import sys
import zipfile

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

FOLDER = sys.argv[1]
CASES = []


def path_of(name, extension):
    return os.path.join(FOLDER, f"{name}.{extension}")


def expect(name, extension, lines, sheet="-", file_format=None):
    CASES.append(f"{name}\t{file_format or extension}\t{sheet}\t{name}.{extension}")
    with open(path_of(name, "expected"), "w", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in lines))


def cell(value, suffix=""):
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "bTRUE" if value else "bFALSE"
    if isinstance(value, datetime.datetime) and value.time() != datetime.time():
        return "d" + value.strftime("%Y-%m-%dT%H:%M:%S")
    if isinstance(value, datetime.date):
        return "d" + value.strftime("%Y-%m-%d")
    if isinstance(value, (int, float)):
        return "n" + (str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)) + suffix
    escaped = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace('"', '\\"')
    return "t" + "".join(c if ord(c) < 127 else "".join(f"\\{b:o}" for b in c.encode()) for c in escaped)


def line(number, values):
    return "\t".join([str(number)] + [v if isinstance(v, str) and v.startswith("=") else cell(v) for v in values])


def raw(number, *cells):
    return "\t".join([str(number)] + list(cells))


# Values that any writer can hold.
HEADER = ["Quote", "Amount", "Date", "Won"]
ROWS = [
    ["A-1", 1200.5, datetime.date(2024, 2, 29), True],
    ["A-2", 0.1, datetime.datetime(2023, 12, 31, 23, 59, 59), False],
    ["Caffè & Söhne <1>", 1 / 3, datetime.date(1999, 12, 31), True],
    ["two\nlines \"q\"", 1e-10, datetime.date(2050, 1, 1), None],
    [" padded ", -123456789.125, None, False],
    ["日本 €", 1e20, datetime.date(1904, 1, 2), True],
]


def openpyxl_files():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "R&D quotes"
    sheet.append(["Quotes of the year"])
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(HEADER)
    for row in ROWS:
        sheet.append(row)
    sheet["F12"] = 0.25
    sheet["F12"].number_format = "0.0%"
    sheet["G12"] = 1500
    sheet["G12"].number_format = "#,##0.00 [$€-407]"
    sheet["H12"] = 3
    sheet["H12"].number_format = '"$"#,##0'
    sheet["I12"] = "#N/A"
    sheet["J12"] = datetime.time(14, 5)
    sheet["K12"] = "=1+1"
    sheet["L12"] = "end"
    hidden = book.create_sheet("Old")
    hidden.sheet_state = "hidden"
    hidden.append(["x"])
    book.save(path_of("openpyxl", "xlsx"))
    lines = ["sheet R&D quotes", "sheet Old (hidden)", "reading R&D quotes", raw(1, cell("Quotes of the year"))]
    lines.append(line(3, HEADER))
    for i, row in enumerate(ROWS):
        while row[-1] is None:
            row = row[:-1]
        lines.append(line(4 + i, row))
    lines.append(raw(12, *["-"] * 5, "n0.25%", "n1500€", "n3$", "e#N/A", "t14:05:00", "-", "tend"))
    expect("openpyxl", "xlsx", lines)
    openpyxl_1904()
    openpyxl_boundaries()
    openpyxl_choice()


def openpyxl_1904():
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["Day"])
    days = [datetime.date(1904, 1, 2), datetime.date(2024, 2, 29), datetime.datetime(2026, 11, 22, 6, 30)]
    for day in days:
        book.active.append([day])
    book.save(path_of("mac1904", "xlsx"))
    expect("mac1904", "xlsx", ["sheet Sheet", "reading Sheet", raw(1, "tDay")]
           + [line(2 + i, [day]) for i, day in enumerate(days)])


def openpyxl_boundaries():
    book = openpyxl.Workbook()
    book.active.append(["Serial"])
    wanted = {1: "1900-01-01", 59: "1900-02-28", 60: "1900-02-28", 61: "1900-03-01", 2958465: "9999-12-31"}
    for serial in wanted:
        book.active.append([serial])
        book.active.cell(book.active.max_row, 1).number_format = "dd/mm/yyyy"
    formats = {"mmm-yy": "d2024-02-29", "[$-409]d-mmm-yy;@": "d2024-02-29", '0.00 "days"': "n45351", "0": "n45351",
               "General": "n45351", "[Red]0": "n45351", "h:mm": "d2024-02-29", "[h]:mm": "t1088424:00:00",
               "@": "n45351", '#,##0\\ "d"': "n45351", "yyyy\\-mm\\-dd": "d2024-02-29"}
    for code in formats:
        book.active.append([45351])
        book.active.cell(book.active.max_row, 1).number_format = code
    book.active.append([-5])
    book.active.cell(book.active.max_row, 1).number_format = "dd/mm/yyyy"
    book.save(path_of("formats", "xlsx"))
    cells = ["tSerial"] + ["d" + day for day in wanted.values()] + list(formats.values()) + ["n-5"]
    expect("formats", "xlsx", ["sheet Sheet", "reading Sheet"] + [raw(1 + i, c) for i, c in enumerate(cells)])


def openpyxl_choice():
    book = openpyxl.Workbook()
    notes = book.active
    notes.title = "Notes"
    for i in range(40):
        notes.append([f"Note {i}: see the other sheet"])
    totals = book.create_sheet("Totals")
    for i in range(12):
        totals.append([f"Month {i}", i * 100, "=SUM(B1:B2)"])
    book.create_sheet("Empty")
    data = book.create_sheet("Log")
    data.append(["Id", "Customer", "Amount", "Status"])
    for i in range(300):
        data.append([i, f"C{i % 7}", i * 1.5, "won" if i % 3 else "lost"])
    hidden = book.create_sheet("Archive")
    hidden.sheet_state = "veryHidden"
    hidden.append(["Id", "Customer", "Amount", "Status"])
    for i in range(900):
        hidden.append([i, "C", 1, "won"])
    book.create_chartsheet("Picture")
    book.save(path_of("choice", "xlsx"))
    names = ["sheet Notes", "sheet Totals", "sheet Empty", "sheet Log", "sheet Archive (hidden)"]
    lines = names + ["reading Log", line(1, ["Id", "Customer", "Amount", "Status"])]
    lines += [line(2 + i, [i, f"C{i % 7}", i * 1.5, "won" if i % 3 else "lost"]) for i in range(300)]
    expect("choice", "xlsx", lines)
    os.link(path_of("choice", "xlsx"), path_of("named", "xlsx"))
    expect("named", "xlsx", names + ["reading Totals"] + [raw(i + 1, f"tMonth {i}", f"n{i * 100}") for i in range(12)],
           sheet="totals")


# Workbooks by hand: what other programs write and these two writers do not.
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(*entries):
    body = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{t}" Target="{target}"/>' for i, t, target in entries)
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{PACKAGE}">{body}</Relationships>'


def workbook(namespace=MAIN, extra=""):
    return (f'<workbook xmlns="{namespace}" xmlns:r="{OFFICE}">{extra}<sheets>'
            '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>')


def write_zip(name, extension, parts):
    with zipfile.ZipFile(path_of(name, extension), "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in parts:
            archive.writestr(part, text)


def by_hand(name, sheet, strings=None, styles=None, book=None):
    """Sheets first and shared strings last, as some writers do."""
    parts = [("xl/worksheets/sheet1.xml", sheet), ("_rels/.rels", relations(("a", "officeDocument", "/xl/workbook.xml"))),
             ("xl/workbook.xml", book or workbook())]
    links = [("rId1", "worksheet", "worksheets/sheet1.xml")]
    if strings is not None:
        links.append(("rId2", "sharedStrings", "../xl/./strings.xml"))
        parts.append(("xl/strings.xml", strings))
    if styles is not None:
        links.append(("rId3", "styles", "styles.xml"))
        parts.append(("xl/styles.xml", styles))
    parts.append(("xl/_rels/workbook.xml.rels", relations(*links)))
    write_zip(name, "xlsx", parts)


def hand_files():
    strings = (f'<x:sst xmlns:x="{MAIN}"><x:si><x:t>first</x:t></x:si><x:si><x:r><x:t>rich </x:t></x:r><x:r><x:t>text</x:t></x:r>'
               '<x:rPh sb="0" eb="1"><x:t>reading</x:t></x:rPh></x:si><x:si><x:t>_x0041__x005F_x000A_ &amp; b</x:t></x:si>'
               '<x:si/></x:sst>')
    sheet = (f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="s"><x:v>1</x:v></x:c>'
             '<x:c/><x:c t="s"><x:v>2</x:v></x:c></x:row><x:row r="3"/><x:row r="7"><x:c r="B7" t="inlineStr"><x:is><x:t>in'
             '</x:t><x:t>line</x:t></x:is></x:c><x:c r="D7"><x:f>A1*2</x:f><x:v>42.50</x:v></x:c><x:c r="E7" t="str"><x:f>x</x:f>'
             '<x:v>said</x:v></x:c><x:c r="F7" t="d"><x:v>2024-02-29T12:00:00</x:v></x:c><x:c r="G7" t="b"><x:v>1</x:v></x:c>'
             '<x:c r="H7" t="e"><x:v>#DIV/0!</x:v></x:c><x:c r="I7" t="s"><x:v>3</x:v></x:c><x:c r="AA7"><x:v>1E3</x:v></x:c></x:row>'
             '<x:row><x:c><x:v>0.28999999999999998</x:v></x:c></x:row></x:sheetData></x:worksheet>')
    by_hand("byhand", sheet, strings)
    expect("byhand", "xlsx", ["sheet S", "reading S", raw(1, "tfirst", "trich text", "-", "tA_x000A_ & b"),
                              raw(7, "-", "tinline", "-", "n42.5", "tsaid", "d2024-02-29T12:00:00", "bTRUE", "e#DIV/0!",
                                  *["-"] * 18, "n1000"), raw(8, "n0.29")])
    styles = (f'<styleSheet xmlns="{STRICT}"><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
              '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="10"/></cellXfs></styleSheet>')
    sheet = (f'<worksheet xmlns="{STRICT}"><sheetData><row r="1"><c r="A1" s="1"><v>45351</v></c><c r="B1" s="2"><v>45351.75</v></c>'
             '<c r="C1" s="3"><v>0.5</v></c><c r="D1" s="9"><v>7</v></c></row></sheetData></worksheet>')
    by_hand("strict", sheet, styles=styles, book=workbook(STRICT, '<workbookPr date1904="0"/>'))
    expect("strict", "xlsx", ["sheet S", "reading S", raw(1, "d2024-02-29", "d2024-02-29T18:00:00", "n0.5%", "n7")])


ODS = ("urn:oasis:names:tc:opendocument:xmlns:{}:1.0")


def ods_content(styles, tables):
    spaces = " ".join(f'xmlns:{k}="{ODS.format(k)}"' for k in ("office", "table", "text", "style"))
    return (f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} '
            'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
            f'<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{tables}'
            '</office:spreadsheet></office:body></office:document-content>')


def ods_cell(kind, text, attributes=""):
    return f'<table:table-cell office:value-type="{kind}" {attributes}><text:p>{text}</text:p></table:table-cell>'


def ods_files():
    rows = ("<table:table-header-rows><table:table-row>" + ods_cell("string", "Quote") + ods_cell("string", "Amount")
            + "</table:table-row></table:table-header-rows>"
            "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row>"
            "<table:table-row>" + ods_cell("float", "0,1", 'office:value="0.1"')
            + ods_cell("percentage", "25%", 'office:value="0.25"') + ods_cell("currency", "5 €", 'office:value="5" office:currency="EUR"')
            + ods_cell("date", "x", 'office:date-value="2024-02-29"') + ods_cell("date", "x", 'office:date-value="2024-02-29T06:30:00"')
            + ods_cell("time", "x", 'office:time-value="PT14H05M00S"') + ods_cell("boolean", "VERO", 'office:boolean-value="true"')
            + ods_cell("string", "#N/A", 'calcext:value-type="error"') + "</table:table-row>"
            "<table:table-row table:number-rows-repeated=\"2\"><table:covered-table-cell/>"
            '<table:table-cell office:value-type="string" table:number-columns-repeated="2"><text:p>a<text:s text:c="2"/>b</text:p>'
            "<text:p>c<text:tab/><text:span>d</text:span></text:p><office:annotation><text:p>note</text:p></office:annotation>"
            '</table:table-cell><table:table-cell><table:table table:name="inner"><table:table-row>' + ods_cell("string", "no")
            + "</table:table-row></table:table></table:table-cell></table:table-row>"
            "<table:table-row table:number-rows-repeated=\"1048568\"><table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row>"
            '<table:table-row table:number-rows-repeated="5000000000"><table:table-cell/></table:table-row>')
    tables = ('<table:table table:name="Cover"/><table:table table:name="Main &amp; more">' + rows + "</table:table>"
              '<table:table table:name="Hidden" table:style-name="ta2"><table:table-row>' + ods_cell("string", "z")
              + "</table:table-row></table:table>")
    styles = ('<style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style>'
              '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>')
    parts = [("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", ods_content(styles, tables))]
    write_zip("byhand", "ods", parts)
    os.rename(path_of("byhand", "ods"), path_of("odsbyhand", "ods"))
    names = ["sheet Cover", "sheet Main & more", "sheet Hidden (hidden)"]
    twice = "ta  b\\nc\\td"
    expect("odsbyhand", "ods", names + ["reading Main & more", raw(1, "tQuote", "tAmount"),
                                        raw(5, "n0.1", "n0.25%", "n5€", "d2024-02-29", "d2024-02-29T06:30:00", "t14:05:00", "bTRUE",
                                            "e#N/A"),
                                        raw(6, "-", twice, twice), raw(7, "-", twice, twice)])
    os.link(path_of("odsbyhand", "ods"), path_of("odsnamed", "ods"))
    expect("odsnamed", "ods", names + ["reading Hidden", raw(1, "tz")], sheet="Hidden")
    os.link(path_of("odsbyhand", "ods"), path_of("odsempty", "ods"))
    expect("odsempty", "ods", names + ["reading Cover"], sheet="Cover")
    body = "".join("<table:table-row>" + ods_cell("float", str(i), f'office:value="{i}"') + ods_cell("string", f"v{i % 5}")
                   + ods_cell("date", "x", f'office:date-value="2024-01-{i % 28 + 1:02}"') + "</table:table-row>" for i in range(3000))
    small = "<table:table-row>" + ods_cell("string", "a") + ods_cell("string", "b") + "</table:table-row>"
    write_zip("odslong", "ods", [("content.xml", ods_content("", f'<table:table table:name="A">{small * 3}</table:table>'
                                                             f'<table:table table:name="B">{small}{body}</table:table>'
                                                             f'<table:table table:name="C">{small * 9}</table:table>'))])
    expect("odslong", "ods", ["sheet A", "sheet B", "sheet C", "reading B", raw(1, "ta", "tb")]
           + [raw(i + 2, f"n{i}", f"tv{i % 5}", f"d2024-01-{i % 28 + 1:02}") for i in range(3000)])


def xls_files():
    try:
        import xlwt
    except ImportError:
        return
    for name, mac in (("xlwt", False), ("xlwt1904", True)):
        book = xlwt.Workbook()
        book.dates_1904 = mac
        sheet = book.add_sheet("Quotes è")
        for column, text in enumerate(HEADER):
            sheet.write(2, column, text)
        plain = xlwt.easyxf(num_format_str="dd/mm/yyyy")
        timed = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss")
        lines = ["sheet Quotes è", "sheet Old (hidden)", "reading Quotes è", line(3, HEADER)]
        for i, row in enumerate(ROWS):
            for column, value in enumerate(row):
                style = timed if isinstance(value, datetime.datetime) else plain if isinstance(value, datetime.date) else None
                if value is not None:
                    sheet.write(3 + i, column, value, *([style] if style else []))
            while row[-1] is None:
                row = row[:-1]
            lines.append(line(4 + i, row))
        style = xlwt.easyxf(num_format_str="dd/mm/yyyy")
        sheet.write(9, 0, xlwt.Formula("1+2"))
        sheet.write(9, 1, xlwt.Formula("1+2"), style)
        sheet.write(9, 2, xlwt.Formula("1=1"))
        sheet.write(9, 6, xlwt.Formula("1/0"))
        book.add_sheet("Old").visibility = 1
        book.save(path_of(name, "xls"))
        patch_formulas(path_of(name, "xls"), [struct.pack("<d", 3.25), struct.pack("<d", 43889 if mac else 45351),
                                              b"\1\0\1\0\0\0\xff\xff", b"\2\0\x2a\0\0\0\xff\xff"])
        lines.append(raw(10, "n3.25", "d2024-02-29", "bTRUE", "-", "-", "-", "e#N/A"))
        expect(name, "xls", lines)
    xls_choice()


def xls_choice():
    """Two long sheets alike: the longer one is the table."""
    import xlwt
    book = xlwt.Workbook()
    sizes = (3000, 5000)
    for n, size in enumerate(sizes):
        sheet = book.add_sheet(f"L{n}")
        for row in range(size + 1):
            sheet.write(row, 0, "Name" if row == 0 else f"n{row % 7}")
            sheet.write(row, 1, "Price" if row == 0 else row)
    book.save(path_of("xlschoice", "xls"))
    expect("xlschoice", "xls", ["sheet L0", "sheet L1", "reading L1", raw(1, "tName", "tPrice")]
           + [raw(i + 1, f"tn{i % 7}", f"n{i}") for i in range(1, sizes[1] + 1)])


def patch_formulas(path, results):
    """xlwt stores no results: in their place stands what an empty text would be."""
    with open(path, "rb") as file:
        data = file.read()
    mark = struct.pack("<Q", 0xFFFF000000000003)
    assert data.count(mark) == len(results)
    for result in results:
        data = data.replace(mark, result, 1)
    with open(path, "wb") as file:
        file.write(data)


if __name__ == "__main__":
    openpyxl_files()
    hand_files()
    ods_files()
    xls_files()
    with open(os.path.join(FOLDER, "cases.txt"), "w", encoding="utf-8") as file:
        file.write("".join(case + "\n" for case in CASES))

"""Writes spreadsheet files that are broken, hostile or something else into FOLDER, and the code of the error each must give.

Usage: make-bad-sheets.py FOLDER. The same files as make-sheets.py makes: cases.txt and NAME.expected.
"""
import os
import random
import struct
import sys
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../support"))
from compound import compound

FOLDER = sys.argv[1]
CASES = []
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def path_of(name, extension):
    return os.path.join(FOLDER, f"{name}.{extension}")


def expect(name, extension, code, sheet="-", before=""):
    CASES.append(f"{name}\t{extension}\t{sheet}\t{name}.{extension}")
    with open(path_of(name, "expected"), "w", encoding="utf-8") as file:
        file.write(f"{before}error {code}\n")


def relations(*entries):
    body = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{t}" Target="{target}"/>' for i, t, target in entries)
    return f'<Relationships xmlns="{PACKAGE}">{body}</Relationships>'


def write_zip(name, extension, parts):
    with zipfile.ZipFile(path_of(name, extension), "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in parts:
            archive.writestr(part, text)


def write_bytes(name, extension, data):
    with open(path_of(name, extension), "wb") as file:
        file.write(data)


def xlsx(name, sheet, strings=None, names=("S",), leave_out=(), workbook="xl/workbook.xml"):
    sheets = "".join(f'<sheet name="{n}" sheetId="{i + 1}" r:id="rId1"/>' for i, n in enumerate(names))
    links = [("rId1", "worksheet", "worksheets/sheet1.xml")]
    parts = [("_rels/.rels", relations(("a", "officeDocument", workbook))),
             (workbook, f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'),
             ("xl/worksheets/sheet1.xml", sheet)]
    if strings is not None:
        links.append(("rId2", "sharedStrings", "sharedStrings.xml"))
        parts.append(("xl/sharedStrings.xml", strings))
    parts.append(("xl/_rels/workbook.xml.rels", relations(*links)))
    write_zip(name, "xlsx", [part for part in parts if part[0] not in leave_out])


def rows(body):
    return f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'


ROW = '<row><c t="inlineStr"><is><t>a</t></is></c><c><v>1</v></c></row>'


def bad_zips():
    xlsx("whole", rows(ROW * 3000))
    with open(path_of("whole", "xlsx"), "rb") as file:
        whole = file.read()
    write_bytes("truncated", "xlsx", whole[:len(whole) // 2])
    expect("truncated", "xlsx", "damaged")
    write_bytes("noise", "xlsx", b"PK\3\4" + random.Random(1).randbytes(5000))
    expect("noise", "xlsx", "damaged")
    write_bytes("nothing", "xlsx", b"")
    expect("nothing", "xlsx", "damaged")
    write_zip("photos", "xlsx", [("a.jpg", "x"), ("b.jpg", "y")])
    expect("photos", "xlsx", "not-a-table")
    write_zip("letter", "xlsx", [("_rels/.rels", relations(("a", "officeDocument", "word/document.xml"))), ("word/document.xml", "<d/>")])
    expect("letter", "xlsx", "not-a-table")
    xlsx("binary", rows(""), workbook="xl/workbook.bin")
    expect("binary", "xlsx", "not-a-table")
    xlsx("nosheet", rows(""), leave_out=("xl/worksheets/sheet1.xml",))
    expect("nosheet", "xlsx", "damaged")
    # One flipped byte in the middle of the packed sheet.
    with zipfile.ZipFile(path_of("whole", "xlsx")) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    at = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    write_bytes("flipped", "xlsx", whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1:])
    expect("flipped", "xlsx", "damaged")


def hostile():
    xlsx("bomb", rows(ROW), strings=f'<sst xmlns="{MAIN}">' + "<si><t></t></si>" * 6000000 + "</sst>")
    expect("bomb", "xlsx", "too-large")
    xlsx("blanks", rows(" " * 5000000))
    expect("blanks", "xlsx", "damaged")
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    xlsx("laughs", f'<!DOCTYPE w [<!ENTITY l0 "ha">{laughs}]>' + rows('<row><c t="str"><v>&l9;</v></c></row>'))
    expect("laughs", "xlsx", "damaged")
    xlsx("outside", '<!DOCTYPE w SYSTEM "file:///etc/passwd">' + rows(ROW))
    expect("outside", "xlsx", "damaged")
    xlsx("deep", rows("<row>" * 100 + "</row>" * 100))
    expect("deep", "xlsx", "damaged")
    xlsx("attributes", rows("<row " + " ".join(f'a{i}="1"' for i in range(100000)) + "/>"))
    expect("attributes", "xlsx", "damaged")
    write_zip("parts", "xlsx", [(f"p{i}", "") for i in range(20001)])
    expect("parts", "xlsx", "too-large")


def bad_sheets():
    xlsx("farright", rows('<row><c r="XFE1"><v>1</v></c></row>'))
    expect("farright", "xlsx", "damaged")
    xlsx("fardown", rows('<row r="1048577"><c><v>1</v></c></row>'))
    expect("fardown", "xlsx", "damaged")
    xlsx("notext", rows('<row><c t="s"><v>7</v></c></row>'), strings=f'<sst xmlns="{MAIN}"><si><t>a</t></si></sst>')
    expect("notext", "xlsx", "damaged")
    xlsx("unclosed", rows(ROW) + "<")
    expect("unclosed", "xlsx", "damaged")
    xlsx("empty", rows('<row/><row><c r="A2" s="1"/></row>'), names=("S", "T"))
    expect("empty", "xlsx", "empty")
    xlsx("none", rows(ROW), names=())
    expect("none", "xlsx", "empty")
    xlsx("wrongname", rows(ROW))
    expect("wrongname", "xlsx", "usage", sheet="T")


def bad_ods():
    manifest = '<m:manifest xmlns:m="x"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    write_zip("odslocked", "ods", [("META-INF/manifest.xml", manifest), ("content.xml", "noise")])
    expect("odslocked", "ods", "not-readable")
    write_zip("odsletter", "ods", [("content.xml", '<o:document-content xmlns:o="x"><o:text/></o:document-content>')])
    expect("odsletter", "ods", "not-a-table")
    write_zip("odsphotos", "ods", [("a.jpg", "x")])
    expect("odsphotos", "ods", "not-a-table")
    table = '<d xmlns:t="t"><spreadsheet><t:table t:name="a"><t:table-row>{}</t:table-row></t:table></spreadsheet></d>'
    cell = '<t:table-cell t:number-columns-repeated="20000" value-type="float" value="1"/>'
    write_zip("odswide", "ods", [("content.xml", table.format(cell))])
    expect("odswide", "ods", "damaged")
    write_zip("odscut", "ods", [("content.xml", table.format("")[:-20])])
    expect("odscut", "ods", "damaged")


def bad_xls():
    write_bytes("xlslocked", "xls", compound("EncryptedPackage", b"x" * 5000))
    expect("xlslocked", "xls", "not-readable")
    book = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 5, 0, 0, 0, 0) + struct.pack("<HHHHH", 0x2F, 6, 0, 1, 2)
    write_bytes("xlspassword", "xls", compound("Workbook", book.ljust(8000, b"\0")))
    expect("xlspassword", "xls", "not-readable")
    write_bytes("xlsletter", "xls", compound("WordDocument", b"x" * 5000))
    expect("xlsletter", "xls", "not-a-table")
    write_bytes("xlsnoise", "xls", bytes.fromhex("d0cf11e0a1b11ae1") + random.Random(2).randbytes(9000))
    expect("xlsnoise", "xls", "damaged")
    write_bytes("xlsnothing", "xls", b"")
    expect("xlsnothing", "xls", "damaged")
    try:
        import xlwt
    except ImportError:
        return
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for i in range(500):
        sheet.write(i, 0, f"text {i}")
    book.save(path_of("xlswhole", "xls"))
    with open(path_of("xlswhole", "xls"), "rb") as file:
        data = file.read()
    write_bytes("xlscut", "xls", data[:len(data) // 3])
    expect("xlscut", "xls", "damaged")


if __name__ == "__main__":
    bad_zips()
    hostile()
    bad_sheets()
    bad_ods()
    bad_xls()
    with open(os.path.join(FOLDER, "cases.txt"), "w", encoding="utf-8") as file:
        file.write("".join(case + "\n" for case in CASES))

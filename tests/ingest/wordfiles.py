"""Word files as their XML, for what no program writes on command."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence


def word_bytes(
    body: str,
    styles: str = "",
    numbering: str = "",
    parts: Mapping[str, tuple[str, str | bytes]] | None = None,
    links: Mapping[str, str] | None = None,
    change: Callable[[str, str], str] = lambda _name, text: text,
) -> bytes:
    """A Word file: its body as XML, more styles and lists, ``parts`` by name with their kind and content, and
    ``links`` by id; ``change`` rewrites each part that is XML."""
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": relations_of(
            {"r1": ("officeDocument", "word/document.xml"), "r2": ("core-properties", "docProps/core.xml")}
        ),
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {SPACES}>{_STYLES}{styles}</w:styles>",
        "word/numbering.xml": f"<w:numbering {SPACES}>{_NUMBERING}{numbering}</w:numbering>",
    }
    relations = {"s": ("styles", "styles.xml"), "n": ("numbering", "numbering.xml")}
    for name, (kind, content) in (parts or {}).items():
        files[name if "/" in name else f"word/{name}"] = content
        relations[name] = (kind, f"/{name}" if "/" in name else name)
    files["word/_rels/document.xml.rels"] = relations_of(relations, links or {})
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, change(name, content) if isinstance(content, str) else content)
    return target.getvalue()


def relations_of(inside: Mapping[str, tuple[str, str]], outside: Mapping[str, str] | None = None) -> str:
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rows = [f'<Relationship Id="{id}" Type="{kinds}/{kind}" Target="{place}"/>' for id, (kind, place) in inside.items()]
    rows += [
        f'<Relationship Id="{id}" Type="{kinds}/hyperlink" Target="{url}" TargetMode="External"/>'
        for id, url in (outside or {}).items()
    ]
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{"".join(rows)}</Relationships>'


SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
)


def style(id: str, name: str, base: str = "", inside: str = "", kind: str = "paragraph") -> str:
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    return f'<w:style w:type="{kind}" w:styleId="{id}"><w:name w:val="{name}"/>{based}{inside}</w:style>'


_STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    + style("Kop1", "heading 1", "Normal", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
    + style("Kop2", "heading 2", "Normal", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>')
    + style("Lijstalinea", "List Paragraph", "Normal")
    + style("Opsomming", "List Bullet", "Normal", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
)
_NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/></w:lvl><w:lvl w:ilvl="2"><w:numFmt w:val="none"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)


def p(text: str, style: str = "", inside: str = "", run: str = "") -> str:
    """A paragraph of Word."""
    name = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{name}{inside}</w:pPr>{r(text, run)}</w:p>"


def r(text: str, inside: str = "") -> str:
    """A run of Word."""
    return f'<w:r><w:rPr>{inside}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def table(*rows: Sequence[str]) -> str:
    """A table of Word; a cell that is no XML is text."""
    cells = ["".join(c if c.startswith("<") else f"<w:tc>{p(c)}</w:tc>" for c in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"

"""An independent count of small invented worlds, to compare gapcalc's answers with.

`worlds` invents pages and links, `forms` writes them as the vendors do, `resave` as a spreadsheet
in some country does, `method` counts them by docs/method.md, `answer` compares. No code of gapcalc
is used.
"""

"""The Word templates: real .docx files that an office may edit, drawn from ``layouts/*.yaml``.

``python -m reports.templates`` draws them anew; a county's own folder of templates stands over this one.
"""

"""The public read API: Wagtail's API v2 over what everybody may see. What it offers stands in docs/api.md."""

"""Who may open a page."""

from django.contrib.auth.decorators import permission_required

may_view = permission_required("measures.view_plan", raise_exception=True)

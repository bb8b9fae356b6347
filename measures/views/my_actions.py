"""The screen on which a person says how everything that he or she owns is going."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from akr_plan.models import User
from akr_plan.sign_in import HtmxRequest

from ..models import Action, Plan
from ..pages.action import ActionPage
from ..pages.my_actions import MyActions, OwnedAction
from ..services.progress import record_progress
from .access import may_view
from .drafts import keeps_draft
from .progress import Editor, open_editor, submit


@require_safe
@may_view
def my_actions(request: HttpRequest, slug: str) -> HttpResponse:
    """Show everything that the user owns."""
    user = cast(User, request.user)
    plan = get_object_or_404(Plan, slug=slug)
    return _render_screen(request, MyActions(plan=plan, owner=user, reader=user))


@require_safe
@may_view
def owner_actions(request: HttpRequest, slug: str, username: str) -> HttpResponse:
    """Show everything that somebody else owns, to whoever may record everybody's progress."""
    user = cast(User, request.user)
    if username == user.get_username():
        return redirect("measures:my_actions", slug)
    if not user.has_perm("measures.record_any_progress"):
        # Before anything is looked up, for nobody is to learn here which accounts exist.
        raise PermissionDenied
    plan, owner = get_object_or_404(Plan, slug=slug), get_object_or_404(User, username=username)
    return _render_screen(request, MyActions(plan=plan, owner=owner, reader=user))


@require_safe
@may_view
def my_row(request: HtmxRequest, slug: str, number: str) -> HttpResponse:
    """Show one row, closed."""
    action, user = _find(slug, number), cast(User, request.user)
    if not request.htmx:
        return redirect(_address(action, user))
    return _render_row(request, _screen_of(action, user), action)


@keeps_draft
@require_http_methods(["GET", "POST"])
@may_view
def my_form(request: HtmxRequest, slug: str, number: str) -> HttpResponse:
    """Show one row with its form open, and record its progress."""
    action, user = _find(slug, number), cast(User, request.user)
    if request.method == "GET" and not request.htmx:
        return redirect(_address(action, user, is_open=True))
    screen, page = _screen_of(action, user), ActionPage(action)
    if request.method == "POST":
        editor = submit(request, page, user)
        if editor is None:
            return _answer(request, screen, action, saved=_("The progress of action %(number)s is saved."))
    else:
        editor = open_editor(page, user)
    if request.htmx:
        return _render_row(request, screen, action, editor)
    return _render_screen(request, screen, editor)


@require_POST
@may_view
def nothing_new(request: HtmxRequest, slug: str, number: str) -> HttpResponse:
    """Record in one click that there is nothing new."""
    action, user = _find(slug, number), cast(User, request.user)
    screen = _screen_of(action, user)
    try:
        record_progress(action=action, author=user, nothing_new=True)
    except ValidationError as error:
        return _answer(request, screen, action, refused=" ".join(error.messages))
    return _answer(request, screen, action, saved=_("Action %(number)s: it is saved that nothing is new."))


def _find(slug: str, number: str) -> Action:
    found: Action = get_object_or_404(Action.objects.with_parents(), plan__slug=slug, number=number)
    return found


def _may_open(owner: User | None, user: User) -> bool:
    return owner is not None and (owner == user or user.has_perm("measures.record_any_progress"))


def _screen_of(action: Action, user: User) -> MyActions:
    """Return the screen on which the action stands; it asks the database only when it is shown."""
    if action.owner is None:
        raise Http404
    if not _may_open(action.owner, user):
        raise PermissionDenied
    return MyActions(plan=action.plan, owner=action.owner, reader=user)


def _address(action: Action, user: User, *, is_open: bool = False) -> str:
    """Return where the user finds the row; who may not open that screen finds the action's own page."""
    if action.owner is None or not _may_open(action.owner, user):
        return action.get_absolute_url()
    screen = MyActions(plan=action.plan, owner=action.owner, reader=user).get_absolute_url()
    return f"{screen}{f'?veiksmas={action.number}' if is_open else ''}#veiksmas-{action.number}"


def _render_screen(request: HttpRequest, screen: MyActions, editor: Editor | None = None) -> HttpResponse:
    asked = screen.row(request.GET.get("veiksmas", ""))
    if asked and not editor:
        editor = open_editor(ActionPage(asked.action), screen.reader)
    context = {"screen": screen, "editor": editor}
    return render(request, "measures/my_actions.html", context, status=editor.status if editor else 200)


def _row(screen: MyActions, action: Action) -> OwnedAction:
    row = screen.row(action.number)
    if row is None:  # deleted or given to somebody else at this very moment
        raise Http404
    return row


def _render_row(
    request: HttpRequest, screen: MyActions, action: Action, editor: Editor | None = None, error: str = ""
) -> HttpResponse:
    context = {"screen": screen, "row": _row(screen, action), "editor": editor, "error": error}
    status = editor.status if editor else 422 if error else 200
    return render(request, "measures/_my_row.html", {**context, "has_focus": True}, status=status)


def _answer(
    request: HtmxRequest, screen: MyActions, action: Action, *, saved: str = "", refused: str = ""
) -> HttpResponse:
    """Say what became of a click: in its row, or on the whole screen where there is no script."""
    saved %= {"number": action.number}
    if not request.htmx:
        messages.add_message(request, messages.ERROR if refused else messages.SUCCESS, refused or saved)
        return redirect(_address(action, screen.reader))
    if refused:
        return _render_row(request, screen, action, error=refused)
    context = {"screen": screen, "row": _row(screen, action), "saved": saved, "has_focus": True}
    return render(request, "measures/_my_saved.html", context)

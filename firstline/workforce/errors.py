"""What this module refuses, and the words for it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, str | Promise] = {
    "post.wrong_kind": _("There is no post of this kind. Nothing was changed; please choose one from the list."),
    "post.grid_elsewhere": _(
        "This grid does not lie in the post's area. Nothing was changed; choose a grid of the same community."
    ),
    "post.ended": _("This post has ended. Nothing was changed; make a new post, or choose another one."),
    "post.same_person": _(
        "Nobody stands in for themselves: this person already holds the post. Choose somebody else as the deputy."
    ),
    "post.conflict": _(
        "Somebody else changed this post a moment ago. Your change was not made; look at the post again, then repeat it."
    ),
    "time.past": _("This date lies in the past. Nothing was changed; choose today or a later day."),
    "time.wrong_order": _("The end lies before the beginning. Nothing was changed; please check the two dates."),
    "responder.gone": _("This person no longer works here. Nothing was changed; choose somebody else."),
    "responder.already_away": _(
        "This person is already marked as away in that time. Nothing was changed; end the first absence before."
    ),
    "responder.no_account": _(
        "There is no account of this name in your branch. Nothing was changed; check the spelling."
    ),
    "responder.account_taken": _(
        "This account already belongs to somebody else on the list. Nothing was changed; check the account name."
    ),
    "staff.unreadable": _(
        "This file could not be read as a table. Nothing was kept; save it as XLSX or CSV and try again."
    ),
    "staff.no_columns": _(
        "No column with names was found. Nothing was kept; the first row needs headings such as 姓名, 电话, 岗位, 区划代码."
    ),
    "staff.too_many_rows": _("The list has more than %(limit)s rows. Nothing was kept; please send it in parts."),
}

from __future__ import annotations

from django.urls import path

from firstline.access.views import accounts, organisations, oversight, own

app_name = "access"
urlpatterns = [
    path("me/", own.me, name="me"),
    path("second-step/", own.second_step, name="second_step"),
    path("activate/", own.activate, name="activate"),
    path("activate/<str:code>/", own.activate, name="activate_code"),
    path("accounts/password/change/", own.change_password, name="change_password"),
    path("accounts/password/reset/", own.forgotten, name="forgotten"),
    path("people/accounts/", accounts.accounts, name="accounts"),
    path("people/accounts/new/", accounts.new_account, name="new_account"),
    path("people/accounts/import/", accounts.import_list, name="import"),
    path("people/accounts/sheets/", accounts.activation, name="sheets"),
    path("people/accounts/<uuid:account_id>/", accounts.account, name="account"),
    path("people/accounts/<uuid:account_id>/edit/", accounts.edit_account, name="edit_account"),
    path("people/accounts/<uuid:account_id>/switch/", accounts.switch, name="switch"),
    path("people/accounts/<uuid:account_id>/roles/", accounts.give, name="give"),
    path("people/accounts/<uuid:account_id>/keys/", accounts.make_token, name="make_token"),
    path("people/roles/<uuid:grant_id>/end/", accounts.end, name="end_grant"),
    path("people/keys/<uuid:token_id>/revoke/", accounts.revoke_token, name="revoke_token"),
    path("people/organisations/", organisations.organisations, name="organisations"),
    path("people/organisations/new/", organisations.new_organisation, name="new_organisation"),
    path("people/organisations/<uuid:organisation_id>/", organisations.organisation, name="organisation"),
    path(
        "people/organisations/<uuid:organisation_id>/remove/",
        organisations.remove_organisation,
        name="remove_organisation",
    ),
    path("protection/requests/", oversight.reveals, name="reveals"),
    path("protection/requests/<uuid:reveal_id>/", oversight.decide, name="decide"),
    path("protection/wider/", oversight.glass, name="glass"),
    path("protection/wider/<uuid:grant_id>/end/", oversight.glass_end, name="glass_end"),
    path("protection/review/", oversight.review, name="review"),
    path("protection/review/reveals/<uuid:reveal_id>/", oversight.review_reveal, name="review_reveal"),
    path("protection/review/wider/<uuid:grant_id>/", oversight.review_glass, name="review_glass"),
    path("protection/log/", oversight.action_log, name="log"),
    path("protection/log/verify/", oversight.verify, name="verify"),
]

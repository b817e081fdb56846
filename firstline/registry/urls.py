from django.urls import path

from firstline.registry.views import door, doubles, homes, lists, reveal

app_name = "registry"
urlpatterns = [
    path("doors/", lists.doors, name="doors"),
    path("doors/place/", lists.place, name="place"),
    path("doors/add/", door.add, name="add_door"),
    path("doors/search/", lists.search, name="search"),
    path("doors/present/", lists.present, name="present"),
    path("doors/doubles/", doubles.doubles, name="doubles"),
    path("doors/doubles/<uuid:duplicate_id>/", doubles.decide_double, name="decide_double"),
    path("doors/merges/<uuid:merge_id>/undo/", doubles.undo_merge, name="undo_merge"),
    path("doors/contacts/<uuid:contact_id>/called/", door.called, name="called"),
    path("doors/<uuid:door_id>/", door.door, name="door"),
    path("doors/<uuid:door_id>/qr.svg", door.qr, name="qr"),
    path("doors/<uuid:door_id>/use/", door.use, name="use"),
    path("doors/<uuid:door_id>/decide/", door.decide, name="decide"),
    path("doors/<uuid:door_id>/owner/", door.add_owner, name="add_owner"),
    path("doors/<uuid:door_id>/safety/", door.safety_note, name="safety_note"),
    path("doors/<uuid:door_id>/safety/end/", door.end_safety, name="end_safety"),
    path("doors/<uuid:door_id>/merge/", doubles.merge, name="merge"),
    path("doors/<uuid:door_id>/split/", doubles.split, name="split"),
    path("doors/<uuid:door_id>/household/", homes.add_household, name="add_household"),
    path("households/<uuid:household_id>/", homes.edit_household, name="edit_household"),
    path("households/<uuid:household_id>/end/", homes.end_household, name="end_household"),
    path("households/<uuid:household_id>/person/", homes.add_person, name="add_person"),
    path("people/<uuid:person_id>/", homes.edit_person, name="edit_person"),
    path("people/<uuid:person_id>/move/", homes.move_person, name="move_person"),
    path("people/<uuid:person_id>/end/", homes.end_person, name="end_person"),
    path("reveal/<slug:kind>/<uuid:subject_id>/<slug:field_class>/", reveal.reveal, name="reveal"),
    path("estates/", lists.estates, name="estates"),
    path("estates/<uuid:estate_id>/", lists.buildings, name="buildings"),
]

"""The chat page in headless Chromium, on a chat server that does what the test says."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from selenium.webdriver.common.keys import Keys

from tests.fakes.browser import CHROMIUM, DRIVER, WHY_NOT, ChatPage, chromium
from tests.fakes.chat_server import BOT, SARA, ChatServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason=WHY_NOT),
]
LOREM = "The first trucks crossed at dawn and the queue that had shaped the city for two years was gone by nine. " * 8
WATCH = """
  window.touched = 0;
  const count = (all) => { for (const one of all) window.touched += one.addedNodes.length + one.removedNodes.length; };
  new MutationObserver(count).observe(document.getElementById("messages"), { childList: true, subtree: true });
"""
GROUP = {"id": -1001, "type": "supergroup", "title": "Readers"}


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer() as chat:
        yield chat


@pytest.fixture
def page(driver: Any, server: ChatServer) -> Iterator[ChatPage]:
    driver.get_log("browser")
    chat = ChatPage(driver, server.url)
    yield chat
    assert chat.complaints() == []


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def entity(text: str, part: str, kind: str, **fields: Any) -> dict[str, Any]:
    """An entity over the first `part` in a text."""
    return {"type": kind, "offset": units(text[: text.index(part)]), "length": units(part), **fields}


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


# Beginning


def test_an_empty_chat_says_what_the_bot_does_and_begins_with_start(page: ChatPage, server: ChatServer) -> None:
    page.open()
    assert "Quoted, never made up." in page.see("description").text
    assert not page.see("start").find_elements("xpath", "//textarea[@id='composer'][not(ancestor::*[@hidden])]")
    page.click("start")
    assert server.posted("send") == {"chat_id": 1001, "text": "/start"}
    assert page.see("message").get_attribute("data-from") == "me"
    page.gone("description")
    assert page.see("composer")


def test_a_deep_link_is_passed_on_to_start(page: ChatPage, server: ChatServer) -> None:
    page.open("start=topic_7")
    page.click("start")
    assert server.posted("send")["text"] == "/start topic_7"


# Text


def test_entities_become_elements_by_their_utf16_offsets(page: ChatPage, server: ChatServer) -> None:
    text = "🗞 Digest for 👩‍👩‍👧 you: bold italic code link"
    entities = [
        entity(text, "Digest", "underline"),
        entity(text, "bold italic", "bold"),
        entity(text, "italic", "italic"),
        entity(text, "code", "code"),
        entity(text, "link", "text_link", url="https://news.example/a?b=c"),
    ]
    page.open()
    shown = server.say(text, entities=entities)
    assert page.text_of(shown) == text
    assert [node.text for node in page.within(shown, "u, strong, strong em, code")] == [
        "Digest",
        "bold italic",
        "italic",
        "code",
    ]
    (link,) = page.within(shown, "a.link")
    assert link.get_attribute("href") == "https://news.example/a?b=c"
    assert link.get_attribute("target") == "_blank"
    assert "noopener" in str(link.get_attribute("rel"))


def test_hostile_text_and_links_stay_text(page: ChatPage, server: ChatServer) -> None:
    text = "<img src=x onerror=document.title='owned'> <b>no</b> here data"
    links = [
        entity(text, "here", "text_link", url="javascript:document.title='owned'"),
        entity(text, "data", "text_link", url="data:text/html,<script>1</script>"),
    ]
    buttons = keyboard([{"text": "<i>x</i>", "url": "javascript:alert(1)"}])
    page.open()
    shown = server.say(text, entities=links, reply_markup=buttons)
    assert page.text_of(shown) == text
    assert page.within(shown, "img, b, i, a") == []
    assert page.within(shown, "[data-testid=button]")[0].text == "<i>x</i>"
    assert page.driver.title == "Baztab"


KINDS = [
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "code",
    "text_link",
    "blockquote",
    "expandable_blockquote",
    "pre",
]
SPAN = st.fixed_dictionaries(
    {
        "type": st.sampled_from(KINDS),
        "offset": st.integers(-2, 30),
        "length": st.integers(-1, 20),
        "url": st.just("https://a.example/"),
    }
)


@pytest.fixture(scope="module")
def renderer(driver: Any) -> Iterator[Any]:
    """The page's own renderer: text and entities → the text that is shown and the newlines that blocks took over."""
    with ChatServer() as chat:
        page = ChatPage(driver, chat.url).open()
        script = """
          const done = arguments[arguments.length - 1];
          import("/static/entities.js").then(({ renderText }) => {
            const box = document.createElement("div");
            box.append(renderText(arguments[0], arguments[1]));
            for (const bar of box.querySelectorAll(".pre-bar, .chevron")) bar.remove();
            done([box.textContent, box.querySelectorAll("blockquote blockquote, pre pre").length]);
          }, (error) => done(["error", String(error)]));
        """
        yield lambda text, entities: page.driver.execute_async_script(script, text, entities)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="ab \nسا😀é", max_size=30), spans=st.lists(SPAN, max_size=6))
def test_no_entities_however_they_lie_lose_or_double_text(
    renderer: Any, text: str, spans: list[dict[str, Any]]
) -> None:
    shown, _ = renderer(text, spans)
    assert shown.replace("\n", "") == text.replace("\n", "")
    assert text.count("\n") - shown.count("\n") <= len(spans)


def test_a_spoiler_hides_its_text_until_it_is_clicked(page: ChatPage, server: ChatServer) -> None:
    text = "The winner is Nora."
    page.open()
    shown = server.say(text, entities=[entity(text, "Nora", "spoiler"), entity(text, "Nora", "bold")])
    (spoiler,) = page.within(shown, "[data-testid=spoiler]")
    hidden = page.within(shown, ".spoiler-text")[0]
    assert hidden.value_of_css_property("opacity") == "0"
    assert spoiler.get_attribute("role") == "button"
    spoiler.click()
    page.until(lambda: hidden.value_of_css_property("opacity") == "1")
    assert spoiler.get_attribute("role") is None


def test_a_long_quote_opens_and_closes_and_a_short_one_has_no_chevron(page: ChatPage, server: ChatServer) -> None:
    page.open()
    shown = server.say(LOREM, entities=[entity(LOREM, LOREM, "expandable_blockquote")])
    (body,) = page.within(shown, ".quote-body")
    (chevron,) = page.within(shown, "[data-testid=expand]")
    line = float(page.js("return parseFloat(getComputedStyle(arguments[0]).lineHeight)", body))
    assert body.size["height"] <= 3 * line + 2
    chevron.click()
    page.until(lambda: body.size["height"] > 4 * line)
    assert chevron.get_attribute("aria-expanded") == "true"
    chevron.click()
    page.until(lambda: body.size["height"] <= 3 * line + 2)
    short = server.say("Two words", entities=[entity("Two words", "Two words", "expandable_blockquote")])
    page.until(lambda: not page.within(short, "[data-testid=expand]")[0].is_displayed())


def test_code_has_its_language_and_a_moment_the_readers_zone(page: ChatPage, server: ChatServer) -> None:
    text = "print(1)\nat noon"
    entities = [
        entity(text, "print(1)", "pre", language="python"),
        entity(text, "at noon", "date_time", unix_time=1_790_000_000, date_time_format="Dt"),
    ]
    page.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Kathmandu"})
    page.open()
    shown = server.say(text, entities=entities)
    assert page.within(shown, ".pre-bar")[0].text == "python"
    assert page.within(shown, "[data-testid=moment]")[0].text == "September 21, 2026 at 19:58"
    page.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": ""})


def test_a_command_in_a_text_is_sent_when_clicked_and_named_in_a_group(page: ChatPage, server: ChatServer) -> None:
    text = "Try /topics"
    page.open()
    server.say(text, entities=[entity(text, "/topics", "bot_command")])
    page.click("bot-command")
    assert server.posted("send") == {"chat_id": 1001, "text": "/topics"}
    server.say(text, chat=GROUP, entities=[entity(text, "/topics", "bot_command")])
    page.until(lambda: page.all("chat")[1])
    next(chat for chat in page.all("chat") if chat.get_attribute("data-chat-id") == "-1001").click()
    page.click("bot-command")
    assert server.posted("send") == {"chat_id": -1001, "text": "/topics@BaztabBot"}


@pytest.mark.parametrize(
    ("text", "way"), [("خبر Reuters تازه", "rtl"), ("News از تهران", "ltr"), ("۱. 🗞 خبر", "rtl"), ("12:30 🗞", "ltr")]
)
def test_a_text_runs_the_way_of_its_first_strong_letter(
    page: ChatPage, server: ChatServer, text: str, way: str
) -> None:
    page.open()
    shown = server.say(text)
    assert page.within(shown, ".text")[0].value_of_css_property("direction") == way


# Buttons


def test_a_pressed_button_waits_for_its_answer_which_is_a_toast(page: ChatPage, server: ChatServer) -> None:
    page.open()
    shown = server.say(
        "Story",
        reply_markup=keyboard([{"text": "Save", "callback_data": "s:1"}, {"text": "More", "callback_data": "m"}]),
    )
    page.message(shown)
    button = page.all("button")[0]
    assert button.get_attribute("data-callback") == "s:1"
    button.click()
    assert server.posted("press") == {"chat_id": 1001, "message_id": shown, "data": "s:1"}
    assert button.get_attribute("aria-busy") == "true"
    server.push("callback_answer", callback_query_id="q1", text="Saved", show_alert=False)
    assert page.see("toast").text == "Saved"
    assert button.get_attribute("aria-busy") is None


def test_an_answer_that_comes_before_the_press_returns_is_not_missed(page: ChatPage, server: ChatServer) -> None:
    server.answers_at_once = {"text": "Quick", "show_alert": True}
    page.open()
    server.say("Story", reply_markup=keyboard([{"text": "Why?", "callback_data": "w"}]))
    page.click("button")
    assert "Quick" in page.see("alert").text
    page.click("ok")
    page.gone("alert")
    page.until(lambda: page.all("button")[0].get_attribute("aria-busy") is None)


def test_url_copy_and_switch_buttons(page: ChatPage, server: ChatServer) -> None:
    rows = keyboard(
        [{"text": "Open original", "url": "https://news.example/a"}],
        [
            {"text": "Copy", "copy_text": {"text": "https://news.example/a"}},
            {"text": "Here", "switch_inline_query_current_chat": "bridge"},
        ],
        [{"text": "Elsewhere", "switch_inline_query": "harbour"}],
    )
    page.open()
    server.say("Story", reply_markup=rows)
    page.see("button")
    url, copy, here, elsewhere = page.all("button")
    assert url.get_attribute("href") == "https://news.example/a"
    assert url.get_attribute("target") == "_blank"
    assert copy.get_attribute("data-copy") == "https://news.example/a"
    here.click()
    assert page.see("composer").get_attribute("value") == "@BaztabBot bridge"
    elsewhere.click()
    page.see("choose-chat").find_element("css selector", "[data-chat-id='1001']").click()
    page.until(lambda: page.see("composer").get_attribute("value") == "@BaztabBot harbour")


def test_a_link_to_the_bot_itself_starts_it_in_the_page(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Story", reply_markup=keyboard([{"text": "Set up", "url": "https://t.me/BaztabBot?start=inline"}]))
    page.click("button")
    assert server.posted("send") == {"chat_id": 1001, "text": "/start inline"}


# Changes


def test_an_edit_changes_the_message_in_place_and_keeps_the_focus(page: ChatPage, server: ChatServer) -> None:
    page.open()
    buttons = keyboard([{"text": "1", "callback_data": "1"}, {"text": "2", "callback_data": "2"}])
    shown = server.say("Page one", reply_markup=buttons)
    page.message(shown)
    page.js("arguments[0].dataset.mark = 'same'; arguments[1].focus()", page.message(shown), page.all("button")[1])
    server.edit(shown, text="Page two", edit_date=1_790_000_500)
    page.until(lambda: page.text_of(shown) == "Page two")
    assert page.message(shown).get_attribute("data-mark") == "same"
    assert page.driver.switch_to.active_element.get_attribute("data-callback") == "2"
    assert page.see("edited").text == "edited"


def test_new_buttons_alone_do_not_mark_a_message_as_edited(page: ChatPage, server: ChatServer) -> None:
    page.open()
    shown = server.say("Same words", reply_markup=keyboard([{"text": "🔖", "callback_data": "s"}]))
    page.message(shown)
    server.edit(shown, reply_markup=keyboard([{"text": "✅", "callback_data": "s"}]), edit_date=1_790_000_500)
    page.until(lambda: page.all("button")[0].text == "✅")
    assert page.all("edited") == []


def test_deleted_messages_vanish(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("stays")
    shown = server.say("goes")
    page.message(shown)
    server.push("deleted", chat_id=1001, message_ids=[shown])
    page.until(lambda: len(page.all("message")) == 1)


def test_reactions_are_shown_set_and_taken_back(page: ChatPage, server: ChatServer) -> None:
    page.open()
    shown = server.say("Story")
    page.js("arguments[0].click()", page.message(shown).find_element("css selector", "[data-testid=message-actions]"))
    page.click("react")
    assert server.posted("react") == {"chat_id": 1001, "message_id": shown, "emoji": "🤔"}
    server.push("reaction", chat_id=1001, message_id=shown, reactions=[{"type": "emoji", "emoji": "🤔"}])
    page.click("reaction")
    assert server.posted("react") == {"chat_id": 1001, "message_id": shown, "emoji": ""}
    server.push("reaction", chat_id=1001, message_id=shown, reactions=[])
    page.gone("reaction")


def test_silent_messages_have_a_bell_and_replies_a_quote_that_leads_there(page: ChatPage, server: ChatServer) -> None:
    page.open()
    first = server.say("The beginning of the story", silent=True)
    page.message(first)
    assert page.see("silent").get_attribute("aria-label") == "Sent without sound"
    answered = {
        "message_id": first,
        "date": 1,
        "chat": {"id": 1001, "type": "private"},
        "from": BOT,
        "text": "The beginning of the story",
    }
    server.say("🔁 It grew", reply_to_message=answered)
    assert "The beginning" in page.see("reply-quote").text
    page.click("reply-quote")
    page.until(lambda: "lit" in str(page.message(first).get_attribute("class")))


# Previews and files


def test_previews_follow_the_options_of_the_message(page: ChatPage, server: ChatServer) -> None:
    url = "http://127.0.0.1:9/story"
    server.previews[url] = {
        "url": url,
        "title": "Bridge",
        "description": "Open",
        "site_name": "Coastal Post",
        "image": "/playground/file?path=p",
    }
    link = [entity("Read this", "this", "text_link", url=url)]
    page.open()
    small = server.say("Read this", entities=link, link_preview_options={"url": url, "prefer_small_media": True})
    above = server.say(
        "Read this", entities=link, link_preview_options={"prefer_large_media": True, "show_above_text": True}
    )
    none = server.say("Read this", entities=link, link_preview_options={"is_disabled": True})
    page.until(lambda: len(page.all("preview")) == 2)
    (card,) = page.within(small, ".text + [data-testid=preview].small")
    page.until(lambda: "Coastal Post\nBridge\nOpen" in card.text)
    assert card.get_attribute("href") == url
    assert len(page.within(above, "[data-testid=preview].large + .text")) == 1
    assert page.within(none, "[data-testid=preview]") == []


def test_photos_and_documents(page: ChatPage, server: ChatServer) -> None:
    page.open()
    photo = server.say(None, photo=[{"file_id": "p1", "width": 640, "height": 360}], caption="The harbour")
    server.say(None, document={"file_id": "d1", "file_name": "feeds.opml", "file_size": 48213})
    (image,) = page.within(photo, "img")
    assert str(image.get_attribute("src")).endswith("/playground/file?id=p1")
    page.until(lambda: page.js("return arguments[0].naturalWidth", image) == 640)
    assert page.see("document").text.split("\n")[-2:] == ["feeds.opml", "48.2 KB"]
    page.js("arguments[0].click()", page.see("photo"))
    page.see("viewer").click()
    page.gone("viewer")


def test_a_file_and_a_place_are_sent(page: ChatPage, server: ChatServer, tmp_path: Any) -> None:
    opml = tmp_path / "mine.opml"
    opml.write_text("<opml/>")
    page.open()
    server.say("Send me your feeds")
    page.see("message")
    page.all("file-input")[0].send_keys(str(opml))
    assert server.posted("file") == {"chat_id": 1001, "name": "mine.opml", "bytes": b"<opml/>"}
    page.click("attach")
    page.click("attach-location")
    page.until(lambda: [place for place in page.all("place") if place.text == "Kathmandu"])[0].click()
    page.click("ok")
    assert server.posted("location") == {"chat_id": 1001, "latitude": 27.7172, "longitude": 85.324}


def test_an_impossible_place_is_not_sent(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Where are you?")
    page.click("attach")
    page.click("attach-location")
    page.see("latitude").clear()
    page.see("latitude").send_keys("91")
    page.click("ok")
    assert "−90" in page.until(lambda: page.all("toast")[0]).get_attribute("textContent")
    assert page.see("location-dialog")
    assert server.posts.empty()


# The field


def test_enter_sends_and_shift_enter_makes_a_line(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Hello")
    page.type("one", Keys.SHIFT + Keys.ENTER, Keys.NULL, "two")
    page.type(Keys.ENTER)
    assert server.posted("send")["text"] == "one\ntwo"
    assert page.see("composer").get_attribute("value") == ""


def test_what_could_not_be_sent_is_back_in_the_field(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Hello")
    server.refusals["send"] = "message is too long"
    page.type("keep me", Keys.ENTER)
    assert "message is too long" in page.see("refused-toast").text
    page.until(lambda: page.see("composer").get_attribute("value") == "keep me")


def test_the_menu_and_the_slash_bring_up_commands(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Hello")
    page.click("menu")
    page.until(lambda: len(page.all("command")) == 3)
    assert "The newest stories" in page.all("command")[1].text
    page.all("command")[1].click()
    assert server.posted("send")["text"] == "/latest"
    page.gone("command")
    page.type("/he")
    assert [item.get_attribute("data-command") for item in page.until(lambda: page.all("command"))] == ["help"]
    page.type(Keys.TAB)
    page.until(lambda: page.see("composer").get_attribute("value") == "/help ")
    page.gone("command")
    page.type(Keys.BACKSPACE * 6, "/s", Keys.ENTER)
    assert server.posted("send")["text"] == "/start"


def test_an_unknown_command_goes_out_as_it_was_typed(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Hello")
    page.type("/zzz", Keys.ENTER)
    assert server.posted("send")["text"] == "/zzz"


def test_the_menu_follows_the_bot(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Hello")
    server.push("commands", commands=[{"command": "time", "description": "When the digest comes"}])
    page.click("menu")
    assert page.see("command").get_attribute("data-command") == "time"


def test_a_reply_keyboard_sends_its_labels_and_goes_when_it_is_for_once(page: ChatPage, server: ChatServer) -> None:
    keys = {
        "keyboard": [[{"text": "07:00"}, {"text": "08:00"}]],
        "one_time_keyboard": True,
        "input_field_placeholder": "e.g. 08:00",
    }
    page.open()
    server.say("When?", reply_markup=keys)
    page.see("reply-keyboard")
    assert page.see("composer").get_attribute("placeholder") == "e.g. 08:00"
    page.all("reply-button")[1].click()
    assert server.posted("send")["text"] == "08:00"
    page.gone("reply-keyboard")
    page.click("keyboard-button")
    page.see("reply-keyboard")
    server.say("Done", reply_markup={"remove_keyboard": True})
    page.gone("reply-keyboard")


def test_a_forced_reply_answers_the_message(page: ChatPage, server: ChatServer) -> None:
    page.open()
    asked = server.say("Which words?", reply_markup={"force_reply": True, "input_field_placeholder": "words"})
    assert "Which words?" in page.see("reply-bar").text
    page.type("peace talks", Keys.ENTER)
    assert server.posted("send") == {"chat_id": 1001, "text": "peace talks", "reply_to": asked}
    page.gone("reply-bar")


def test_inline_mode_asks_shows_and_posts_what_is_chosen(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Hello")
    page.type("@BaztabBot bridge")
    assert server.posted("inline") == {"query": "bridge", "offset": ""}
    results = [{"type": "article", "id": "a1", "title": "Bridge reopens", "description": "At dawn"}]
    server.push("inline", inline_query_id="i1", results=results, next_offset="", button=None)
    assert page.see("inline-result").text.split("\n")[-2:] == ["Bridge reopens", "At dawn"]
    page.click("inline-result")
    assert server.posted("choose") == {"inline_query_id": "i1", "result_id": "a1", "chat_id": 1001}
    assert page.see("composer").get_attribute("value") == ""
    page.gone("inline")


# Chats, settings


def test_blocking_and_restarting_the_bot(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Hello")
    page.click("settings")
    page.click("block")
    assert server.posted("block") == {"blocked": True}
    page.click("restart")
    assert server.posted("block") == {"blocked": False}
    assert server.posted("send")["text"] == "/start"
    assert page.see("composer")


def test_unread_messages_are_counted_in_the_list_and_below(page: ChatPage, server: ChatServer) -> None:
    page.open()
    for number in range(40):
        server.say(f"Line {number}")
    page.until(lambda: len(page.all("message")) == 40)
    server.say("Elsewhere", chat=GROUP)
    assert page.see("unread").text == "1"
    page.js("document.getElementById('scroll').scrollTop = 0")
    page.until(lambda: "shown" in str(page.all("to-end")[0].get_attribute("class")))
    server.say("Below")
    assert page.see("below").text == "1"
    page.click("to-end")
    page.gone("below")
    page.until(page.at_end)


def test_a_group_is_made_and_opened(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.answers["chats"] = {"chat": {"chat": GROUP, "messages": []}}
    page.click("settings")
    page.click("new-group")
    page.see("chat-title").send_keys("Readers")
    page.click("ok")
    assert server.posted("chats") == {"type": "group", "title": "Readers"}
    server.push("chat", chat={"chat": GROUP, "messages": [], "member": True, "blocked": False, "unread": 0})
    page.until(lambda: page.see("peer").text == "Readers")
    server.say("Hello from Leo", chat=GROUP, sender={"id": 1002, "is_bot": False, "first_name": "Leo"})
    assert "Leo" in page.see("message").text


def test_a_narrow_window_shows_the_list_or_the_chat(page: ChatPage, server: ChatServer) -> None:
    page.open(width=390, height=844)
    assert page.see("peer").text == "Baztab"
    assert not page.all("chat")[0].is_displayed()
    page.click("back")
    page.click("chat")
    assert page.see("peer")
    assert not page.all("chat")[0].is_displayed()


def test_in_persian_the_page_is_mirrored_but_bubbles_keep_their_sides(page: ChatPage, server: ChatServer) -> None:
    page.open("lang=fa&theme=light")
    assert server.posted("user") == {"language_code": "fa"}
    page.until(lambda: page.js("return document.documentElement.dir") == "rtl")
    assert page.see("start").text == "شروع"
    theirs, mine = server.say("سلام"), server.say("درود", sender=SARA)
    page.message(mine)
    left = [page.within(message, ".bubble")[0].rect["x"] for message in (theirs, mine)]
    assert left[0] < left[1]
    sidebar, header = page.all("chat")[0].rect["x"], page.see("peer").rect["x"]
    assert sidebar > header


def test_a_language_without_words_of_its_own_keeps_english_and_its_direction(
    page: ChatPage, server: ChatServer
) -> None:
    page.open("lang=ar")
    page.until(lambda: page.js("return document.documentElement.dir") == "rtl")
    assert page.see("start").text == "START"


def test_the_theme_of_the_address_is_kept_and_can_be_changed(page: ChatPage, server: ChatServer) -> None:
    page.open("theme=dark")
    dark = page.js("return getComputedStyle(document.querySelector('.sidebar')).backgroundColor")
    page.click("settings")
    page.click("option-light")
    assert page.js("return getComputedStyle(document.querySelector('.sidebar')).backgroundColor") != dark
    page.open("")
    assert page.js("return document.documentElement.dataset.theme") == "light"


def test_the_phone_preset_makes_a_phone_of_the_window(page: ChatPage, server: ChatServer) -> None:
    page.open(height=1000)
    page.click("settings")
    page.click("option-phone")
    size = page.js("const b = document.getElementById('app').getBoundingClientRect(); return [b.width, b.height]")
    page.click("option-wide")
    assert size == [390, 844]


def test_refused_calls_are_told_and_listed(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.push(
        "refused", method="sendMessage", description="Bad Request: can't parse entities", params={"text": "<b>x</i>"}
    )
    assert "can't parse entities" in page.see("refused-toast").text
    page.click("settings")
    page.click("open-refused")
    assert "sendMessage" in page.see("refused").text


# Long chats, broken lines


def test_messages_are_added_without_drawing_the_others_anew(page: ChatPage, server: ChatServer) -> None:
    server.chats[1001]["messages"] = [server.message(f"Message {number}") for number in range(500)]
    page.open()
    last = server.chats[1001]["messages"][-1]["message_id"]
    assert page.message(last).is_displayed()
    assert page.at_end()
    page.js(WATCH)
    page.message(server.say("One more"))
    assert page.js("return window.touched") == 1
    before = len(page.all("message"))
    page.js("document.getElementById('scroll').scrollTop = 0")
    page.until(lambda: len(page.all("message")) > before)


def test_after_a_restart_of_the_server_the_page_begins_anew(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say("Before")
    page.see("message")
    server.restart()
    page.until(lambda: page.all("message") == [])
    assert page.see("start")
    page.message(server.say("After"))


def test_the_page_loads_nothing_from_elsewhere(page: ChatPage, server: ChatServer) -> None:
    page.open()
    server.say(
        "Hello https://news.example/", entities=[entity("Hello https://news.example/", "https://news.example/", "url")]
    )
    page.see("message")
    names = page.js("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [name for name in names if not name.startswith(server.url)] == []
    assert json.dumps(names).count("/static/") > 10

"""The chat page on the playground's own Bot API server: do they understand each other?"""

from selenium.webdriver.common.keys import Keys

from tests.fakes.browser import BROWSER, ChatPage
from tests.fakes.chat_server import keyboard
from tests.fakes.real_server import RealServer

pytestmark = BROWSER
LOREM = "The first trucks crossed at dawn and the queue that had shaped the city for two years was gone by nine. " * 8


def test_page_bot_and_server_talk_to_each_other(real: tuple[RealServer, ChatPage]) -> None:
    server, page = real
    server.call("setMyCommands", commands=[{"command": "help", "description": "What I can do"}])
    page.open()
    page.click("start")
    page.see("message")
    assert server.update("message")["text"] == "/start"
    quote = f"<blockquote expandable>{LOREM}</blockquote>"
    buttons = keyboard([{"text": "Save", "callback_data": "save:1"}])
    sent = server.call(
        "sendMessage", chat_id=1001, text=f"<b>Digest</b> 🗞\n{quote}", parse_mode="HTML", reply_markup=buttons
    )
    shown = sent["message_id"]
    assert page.within(shown, "strong")[0].text == "Digest"
    page.click("button")
    page.until(lambda: server.world.queries)
    query = page.until(lambda: server.update("callback_query"))
    server.call("answerCallbackQuery", callback_query_id=query["id"], text="Saved")
    server.call("editMessageText", chat_id=1001, message_id=shown, text="Digest, saved")
    page.until(lambda: page.text_of(shown) == "Digest, saved")
    assert page.see("toast").text == "Saved"
    server.call("deleteMessage", chat_id=1001, message_id=shown)
    page.until(lambda: len(page.all("message")) == 1)
    page.click("menu")
    assert page.see("command").get_attribute("data-command") == "help"


def test_a_forum_is_made_in_the_page_and_shows_its_topics(real: tuple[RealServer, ChatPage]) -> None:
    server, page = real
    page.open()
    page.click("settings")
    page.click("new-group")
    page.see("chat-title").send_keys("Readers")
    page.click("chat-topics")
    page.click("ok")
    page.until(lambda: page.see("peer").text == "Readers")
    chat_id = next(chat.id for chat in server.world.chats.values() if chat.title == "Readers")
    thread_id = server.do(lambda: server.world.add_topic(chat_id, "Climate"))
    server.call("sendMessage", chat_id=chat_id, text="In general")
    there = server.call("sendMessage", chat_id=chat_id, text="In the topic", message_thread_id=thread_id)["message_id"]
    page.message(there)
    page.until(lambda: page.all("topic")[2]).click()
    page.until(lambda: "In general" not in page.js("return document.getElementById('messages').textContent"))
    assert page.text_of(there) == "In the topic"
    page.type("Mine", Keys.ENTER)
    posts = server.world.chats[chat_id].posts
    mine = page.until(lambda: [post.message for post in list(posts.values()) if post.message.get("text") == "Mine"])
    assert mine[0]["message_thread_id"] == thread_id

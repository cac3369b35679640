"""Where one clause ends and the next begins: at the signs, and in dictation, which has none, where something begins anew."""

from __future__ import annotations

import re

from handlers.understanding.lexicon_names import KIN

BREAK = re.compile(
    r"[,。?:\n()\" ]|(?<=名单)(?:和|跟|与|、|还有)(?=[^,N]{0,10}名单)|(?<=[周月季]报)(?:和|跟|与)(?=[^,N、]{1,5}的[周月季零]报)|(?:并且?|同时|顺便|顺带|顺手|然后|再)(?=帮?我?(?:导出|打印|下载|提交|上报|统计|查一?下|看一?下|看看|翻翻|调一?下|调出))"
)
# Dictation knows no signs: where a day, the family or the writer's own doing begins anew, a clause begins.
_DOING = rf"(?:我|刚刚?|已经?|马上|下午|晚上|中午|再|T|D)*(?:我(?:准备|打算|想着?|等下|待会儿?|放学后?|再(?:去|打|问|跑)|D|下午|早上|上午|中午|晚上)|等(?:一?下|会儿?)(?:我|放学|再)|都(?:已经?)?(?:打过?电话|请了?假|联系)|(?:家长|{KIN})的?电话|电话打|打(?:了)?(?:[一二两三四五几好多]*[个次遍通])?(?:电话|他|她|N|{KIN}|没通|不通)|给(?:他|她|N)?的?{KIN}?(?:打|发)|问了?(?:他|她|宿舍|同学|室友|同桌|邻居|班上)|联系了?(?:他|她|{KIN})|微信(?:问|联系|找|给)|家访|去家访|我?拨(?:通|打)|中间我?|(?:已经?|都)?通知(?:了)?(?:他|她)?的?(?:家长|{KIN})|我(?:叫|让|喊|劝)(?:他|她)|去(?:他|她|N)家|上门)"
_FAMILY = rf"(?:他|她)(?:自己|本人)?(?:说|讲)|(?:他|她|N的?)?(?:{KIN})(?:刚|又|也|都|就|才|明确|均|一致|坚决)?(?:说|讲|接|没接|不接|在(?:电话|外|家)|回(?:复|话)|答应|同意|不同意|不肯|表示)"
_FAMILY += r"|(?:班主任|学校|我校|村干部|科任老师)(?=(?:已|也|又|都)?(?:家访|上门|联系|劝|走访|入户|打电话))"
_FAMILY += rf"|(?:他|她)(?:{KIN})(?=(?:就又?|又|今天|D|刚)?(?:送|带|接|领|开车|骑车|把(?:他|她)))"
_FAMILY += (
    rf"|(?:他|她)(?:{KIN})(?=(?:D|U|T|早上|上午|下午|晚上|刚才?|刚刚|又)*(?:打(?:了)?(?:个)?电话|发|来电|微信|在?群里))"
)
_ANEW = r"都[TO]了|D(?:T|U|又|也|都|还|就|才|已经?|一直)*(?:(?:没|未)(?:有)?(?:来|到|见|上|返|去|回)|不来|来了|旷|缺|请|返校|到校|回)"
_TURN = r"(?:要是(?=不|没|还)|如果|万一|听说|有人(?:看|说|讲)|拟(?=上?报)|听(?:他|她)?(?:同学|邻居|人|室友|同桌|班上)|据说|好像|估计|可能|但是?|不过|可是|结果|所以|然后|后来|现在(?!还?(?:有|剩)(?:哪|几|多少|谁))|而且|因为)(?!D?没有)"
_UNSIGNED = re.compile(
    rf"(?<=[来了学课校旷假勤吧到话通接退在病冒烧事明名])(?<!现在)(?<!正在)(?<!放学)(?<!电话)(?<!来电)(?<!假到)(?<!请到)(?<![休歇]到)(?<!息到)(?<!离到)(?=(?:{_DOING}|{_FAMILY}|{_ANEW}))|(?<=[来了学课校旷假勤缺读])(?={_TURN})|(?<=[次趟遍])(?=(?:{_FAMILY}))|(?<=没人|在家|开门|锁着|不接|接通|关机)(?=D(?:又|再|也|还)|(?:他|她)?(?:家)?(?:邻居|隔壁|同村|村里人))"
)


def stretches(text: str) -> list[tuple[int, int, str]]:
    """Start, end and closing sign of each stretch between signs; empty ones are left out."""
    out = []
    start = 0
    borders = [*BREAK.finditer(text), *(m for m in _UNSIGNED.finditer(text) if 0 < m.start() < len(text))]
    for match in (*sorted(borders, key=lambda m: m.start()), None):
        end = match.start() if match else len(text)
        if end > start:
            out.append((start, end, (match.group() or ",") if match else ""))
        elif match and match.group() == "?" and out:
            out[-1] = (*out[-1][:2], "?")
        start = match.end() if match else end
    return out

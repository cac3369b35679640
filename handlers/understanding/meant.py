"""Words of a line that are taken back, or said of who only carries them, before anything is read."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.understanding.clauses import Line, same_pupil

_MESSENGER = re.compile(
    r"(?:托|让|叫|请|通过|经|问)[^,N]{0,5}(?<![给跟向对和])N(?=(?:去|帮忙|给|向)?(?:带话|带信|捎话|捎信|转告|转达|传话|带口信))"
)
_BYSTANDER = re.compile(
    r"(?<=听)N(?=说|讲)|N(?=(?:说|讲|告诉我?|反映)N)|(?<=被)N(?=[^,N]{0,3}(?:打|骂|欺|推|伤|咬|踢|撞|吓|气))"
    r"|(?<=[他她][哥姐弟妹])N(?=[^,N]{0,6}(?:说|讲|反映|告诉))|(?<=[哥姐弟妹]{2})N(?=[^,N]{0,6}(?:说|讲|反映|告诉))"
    r"|N(?=(?:D|U|T|已经?|亲自|开车|自己|早上|晚上|也|又|帮忙|帮着|主动)*(?:去|跑去)?把N(?:给)?(?:接|劝|送|带|找|拉|领|叫|喊|动员|说服))|(?<=N[跟与])N(?=(?:打架|吵架|闹矛盾|吵了?架)[^,N都]{0,4}(?:没来|不来|没到))"
)  # 张三说李四没来, 张三被李四打了没来: whose word or doing it is; not the pupil told of
_BESIDES = re.compile(
    r"(?<=[,。 ])(?:另外|此外|还有就是|再就是|其次)[,:]?(?=[NCDR])"
)  # a new matter, as after a full stop
_SAME_DAY_AGAIN = re.compile(r"(?<=[DR])\(D\)")  # 下周一(22日)
_TALKING_TO = re.compile(
    r"^(?:方便的话|有空的话|不好意思)[,]?|^(?:哎|唉|喂|那个|嗯)*(?:我)?(?:跟|给|和|向)(?:你|您|你们|大家|领导|老师|校长)(?:说|讲|报告|汇报)(?:一?下|个事|一声)?[啊哈哦嘛呀]?"
)  # 我跟你说啊: to whom the writer speaks
_HEARD_THAT = re.compile(
    r"(?P<words>(?:^|(?<=[,。]))(?:D|刚才?|今天)*(?:听[^,。NK]{0,6}[说讲摆]|据说|有人[说讲反映]+|同学们?[说讲反映]+|好像))[,:](?=N)"
)  # 听说,张三不读了
_ASIDE = re.compile(r"\((?P<what>(?:更正|纠正|订正)[^()]*)\)")  # 没来(更正:来了)
_NOT_THE_OTHER = re.compile(r"(?<=N)\((?:可|并)?不是N[^,。()N]{0,4}\)")  # 王子涵(不是王梓涵)没来
_LOOK_AT = re.compile(r"(?:查|看|调|翻)(?:一?下|询|看|出)? (?=N)")  # 查一下 张三
_LISTED = re.compile(
    r"(?<=N)\.(?=N)|(?<=N) (?=N(?: N)*(?:[两二俩]|[三四五六七八九几]个|都|均|全))"
)  # 张三.李四没来; 今天缺张三 李四两个
_STOP = re.compile(r"(?<![\da-z])\.(?![\da-z])")  # 张三没来.李四请假: what stands in no name ends a sentence
_NOTHING = "·"  # stands for words that are taken back
_NOT_THAT_DAY = re.compile(
    r"T(?:的)?(?:改|换)(?:成|为|到)?(?=T)|不是[DROT][^,。NDROT?]{0,8},?(?=(?:而|应该|应)?是[DROT])|(?<=[DROT]),?(?:而)?不是[DROT]"
)

_BUT_THAT_DAY = re.compile(
    r"不是[DROT](?P<what>[^,。NDROT?]{1,8}),?(?:而|应该|应)?是(?=[DROT](?:的)?(?:$|[,。]))"
)  # 不是三天没来,是两天: what was told, of the other day
_IN_TRUTH = re.compile(
    r"(?:[说报记]的?是?)?(?:请了?[病事]?假|[病事]假|旷课|缺勤)(?:其实|实际上?)(?:就?是|属于)(?=旷课|缺[勤课]|逃[学课]|没|请|[病事]假)"
)  # 说的请假其实是旷课
_NOT_UNTIL = re.compile(
    r"不到(?P<then>[DT](?:[早晚]上?|上午|下午)?(?:他|她|人)?(?:是|都|就|也|还)*)不(?=(?:会|能|肯)?(?:来|回|返|到校|去|上学))"
)  # 不到周一不来: comes on Monday


def meant(line: Line) -> Line:
    """托张三带话给李四: 张三 only carries the word. 不是18号没来,是17号: the 18th is not meant."""
    text = _MESSENGER.sub(lambda m: m.group()[:-1] + "K", line.text)
    text = _LOOK_AT.sub(lambda m: m.group()[:-1] + _NOTHING, text)
    text = _STOP.sub("。", _LISTED.sub("、", text))
    text = _TALKING_TO.sub(lambda m: _NOTHING * len(m.group()), text)
    text = _NOT_THE_OTHER.sub(lambda m: _NOTHING * len(m.group()), text)
    text = _BYSTANDER.sub("K", text)
    text = _ASIDE.sub(lambda m: f",{m['what']},", text)
    text = _HEARD_THAT.sub(lambda m: m["words"] + _NOTHING, text)
    text = _BESIDES.sub(lambda m: "。" * len(m.group()), text)
    text = _BUT_THAT_DAY.sub(
        lambda m: _NOTHING * 3 + m["what"] + _NOTHING * (len(m.group()) - 3 - len(m["what"])), text
    )
    text = _IN_TRUTH.sub(lambda m: _NOTHING * len(m.group()), text)
    text = _NOT_UNTIL.sub(lambda m: f"{_NOTHING * 2}{m['then']}才", text)
    text = _NOT_THAT_DAY.sub(lambda m: _NOTHING * len(m.group()), text)
    if text.startswith("NN,N") and same_pupil(line, 0, 1) and not same_pupil(line, 0, 3):
        text = _NOTHING * 2 + text[2:]  # 莫愁莫愁,童话劝回来了: said for its sound
    text = _SAME_DAY_AGAIN.sub(lambda m: _NOTHING * len(m.group()), text)
    if text == line.text:
        return line
    tokens = {at: token for at, token in line.tokens.items() if text[at] != _NOTHING}
    return replace(line, text=text, tokens=tokens)

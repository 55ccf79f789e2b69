"""Words of the two languages. Frequencies are rough weights; pinyin without tones."""


def _weighted(text: str) -> dict[str, tuple[str, float]]:
    """`王 wang 7.2` per item: the word, its romanisation and its weight."""
    items = (item.split() for item in text.split(","))
    return {word: (sound, float(weight)) for word, sound, weight in items}


def _pairs(text: str) -> dict[str, str]:
    return dict(item.split() for item in text.split(","))


SURNAMES = _weighted(
    "王 wang 7.3,李 li 7.2,张 zhang 6.8,刘 liu 5.3,陈 chen 4.5,杨 yang 3.1,黄 huang 2.2,"
    "赵 zhao 2.1,吴 wu 2.0,周 zhou 2.0,徐 xu 1.5,孙 sun 1.4,马 ma 1.3,朱 zhu 1.3,胡 hu 1.2,"
    "郭 guo 1.2,何 he 1.1,林 lin 1.1,高 gao 1.0,罗 luo 1.0,郑 zheng 0.9,梁 liang 0.9,"
    "谢 xie 0.8,宋 song 0.7,唐 tang 0.7,许 xu 0.7,韩 han 0.6,邓 deng 0.6,冯 feng 0.6,"
    "曹 cao 0.6,彭 peng 0.5,曾 zeng 0.5,肖 xiao 0.5,田 tian 0.5,董 dong 0.5,潘 pan 0.4,"
    "袁 yuan 0.4,蔡 cai 0.5,蒋 jiang 0.4,余 yu 0.4,于 yu 0.4,杜 du 0.4,叶 ye 0.4,程 cheng 0.4,"
    "魏 wei 0.4,苏 su 0.4,吕 lv 0.4,丁 ding 0.4,任 ren 0.3,卢 lu 0.3,姚 yao 0.3,沈 shen 0.3,"
    "钟 zhong 0.3,姜 jiang 0.3,崔 cui 0.3,谭 tan 0.3,陆 lu 0.3,范 fan 0.3,汪 wang 0.3,"
    "廖 liao 0.3,石 shi 0.3,金 jin 0.3,韦 wei 0.2,贾 jia 0.2,夏 xia 0.2,付 fu 0.2,方 fang 0.2,"
    "邹 zou 0.2,熊 xiong 0.2,白 bai 0.2,孟 meng 0.2,秦 qin 0.2,邱 qiu 0.2,侯 hou 0.2,"
    "江 jiang 0.2,尹 yin 0.2,薛 xue 0.2,闫 yan 0.2,段 duan 0.1,雷 lei 0.2,龙 long 0.1,"
    "史 shi 0.1,陶 tao 0.1,贺 he 0.1,顾 gu 0.1,毛 mao 0.1,郝 hao 0.1,龚 gong 0.1,邵 shao 0.1,"
    "万 wan 0.1,钱 qian 0.1,严 yan 0.1,单 shan 0.05,解 xie 0.03,仇 qiu 0.03,欧阳 ouyang 0.1,"
    "司马 sima 0.02,上官 shangguan 0.03,诸葛 zhuge 0.02,慕容 murong 0.01"
)
GIVEN = _weighted(
    "伟 wei 5,芳 fang 3,娜 na 3,敏 min 4,静 jing 4,丽 li 4,强 qiang 3,磊 lei 4,军 jun 4,"
    "洋 yang 3,勇 yong 3,艳 yan 3,杰 jie 4,娟 juan 3,涛 tao 4,明 ming 5,超 chao 3,霞 xia 2,"
    "平 ping 3,刚 gang 2,桂 gui 1,文 wen 5,辉 hui 3,玲 ling 3,建 jian 4,国 guo 4,华 hua 4,"
    "志 zhi 4,宇 yu 3,浩 hao 3,然 ran 2,子 zi 4,轩 xuan 1,晨 chen 2,欣 xin 2,怡 yi 2,佳 jia 4,"
    "琪 qi 2,雨 yu 2,泽 ze 2,思 si 3,远 yuan 2,嘉 jia 3,鑫 xin 3,博 bo 2,峰 feng 3,鹏 peng 3,"
    "凯 kai 3,俊 jun 4,晓 xiao 5,东 dong 3,海 hai 4,波 bo 3,宁 ning 2,青 qing 1,云 yun 3,"
    "飞 fei 3,红 hong 3,梅 mei 2,琳 lin 2,燕 yan 3,慧 hui 3,斌 bin 3,健 jian 3,龙 long 2,"
    "毅 yi 2,颖 ying 2,倩 qian 2,璐 lu 1,亮 liang 2,春 chun 2,永 yong 2,立 li 2,世 shi 2,"
    "新 xin 2,少 shao 1,伦 lun 1,振 zhen 1,庆 qing 2,成 cheng 2,旭 xu 1,帆 fan 1,丹 dan 2,"
    "萍 ping 2,莉 li 2,婷 ting 3,雪 xue 2,蕾 lei 1,瑶 yao 1,梦 meng 2,诗 shi 1,涵 han 1,"
    "睿 rui 1,哲 zhe 1,翔 xiang 2,彬 bin 2,昊 hao 1,天 tian 2,一 yi 1,若 ruo 1,良 liang 1,"
    "卫 wei 1,维 wei 1,炜 wei 1,静 jing 3,菁 jing 1,晶 jing 2,力 li 1,利 li 1,英 ying 2,"
    "莹 ying 2"
)
#: What an input method offers for the same sound: the usual mistake in a Chinese name.
HOMOPHONES = _pairs(
    "伟 卫,卫 伟,敏 民,静 靖,丽 莉,莉 丽,磊 雷,军 君,洋 扬,艳 燕,燕 艳,杰 洁,涛 韬,明 鸣,平 萍,"
    "萍 平,辉 晖,建 健,健 建,华 桦,志 智,宇 羽,浩 皓,晨 辰,欣 心,怡 仪,佳 嘉,嘉 佳,琪 琦,雨 宇,"
    "峰 锋,鹏 朋,俊 骏,晓 小,波 博,宁 甯,云 芸,飞 菲,红 宏,梅 玫,琳 林,慧 惠,斌 彬,彬 斌,毅 益,"
    "颖 莹,莹 颖,倩 茜,章 张,晶 菁,刘 柳,徐 许,许 徐,余 于,于 余,肖 萧,江 姜,姜 江,付 傅,闫 阎"
)

CITIES = _weighted(
    "北京 beijing 16,上海 shanghai 18,广州 guangzhou 9,深圳 shenzhen 13,杭州 hangzhou 10,"
    "南京 nanjing 6,苏州 suzhou 7,成都 chengdu 6,武汉 wuhan 5,西安 xian 3,天津 tianjin 3,"
    "重庆 chongqing 3,青岛 qingdao 3,长沙 changsha 2,宁波 ningbo 3,厦门 xiamen 2,合肥 hefei 2,"
    "郑州 zhengzhou 2,佛山 foshan 2,东莞 dongguan 2,无锡 wuxi 3,济南 jinan 2,大连 dalian 1"
)
AREA_CODES = _pairs(
    "北京 010,上海 021,广州 020,深圳 0755,杭州 0571,南京 025,苏州 0512,成都 028,武汉 027,"
    "西安 029,天津 022,重庆 023,青岛 0532,长沙 0731,宁波 0574,厦门 0592,合肥 0551,郑州 0371,"
    "佛山 0757,东莞 0769,无锡 0510,济南 0531,大连 0411"
)
_BRAND_CHARS = (
    "华 hua,中 zhong,东 dong,南 nan,恒 heng,鼎 ding,瑞 rui,金 jin,天 tian,海 hai,宏 hong,"
    "盛 sheng,安 an,德 de,嘉 jia,泰 tai,信 xin,联 lian,创 chuang,新 xin,永 yong,博 bo,科 ke,"
    "汇 hui,正 zheng,远 yuan,同 tong,光 guang,万 wan,九 jiu,亿 yi,三 san,智 zhi,云 yun,星 xing,"
    "凌 ling,晨 chen,锐 rui,达 da,泰 tai,源 yuan,成 cheng,丰 feng,利 li,通 tong,宇 yu,业 ye,"
    "鑫 xin,辰 chen,润 run,宝 bao,峰 feng,林 lin,江 jiang,康 kang,诚 cheng,凯 kai,越 yue,"
    "腾 teng,昌 chang,为 wei,维 wei,特 te,隆 long,阳 yang,桥 qiao,图 tu,海 hai,腾 teng,盈 ying,"
    "力 li,洲 zhou,禾 he,远 yuan,兴 xing,旺 wang,富 fu,强 qiang,美 mei,乐 le,佳 jia,优 you,"
    "卓 zhuo,越 yue,鸿 hong,翔 xiang,航 hang,舟 zhou,岳 yue,泉 quan,松 song,柏 bai,梅 mei,"
    "兰 lan,青 qing,蓝 lan,红 hong,白 bai,元 yuan,亨 heng,和 he,顺 shun,祥 xiang,福 fu,禄 lu,"
    "寿 shou,仁 ren,义 yi,礼 li,智 zhi,明 ming,睿 rui,思 si,途 tu,拓 tuo,耀 yao,晟 sheng,"
    "铭 ming,钰 yu,珂 ke,彤 tong,帆 fan,川 chuan"
)
BRAND = _pairs(_BRAND_CHARS)
BUSINESS = _pairs(
    "机械 jixie,电子 dianzi,精密制造 jm,新材料 xcl,汽车零部件 auto,证券 zq,保险经纪 bx,"
    "融资租赁 leasing,商业管理 sygl,百货 store,食品 food,信息技术 it,网络科技 net,"
    "数据服务 data,医疗器械 med,生物医药 bio,教育咨询 edu,物流 wl,供应链管理 scm,"
    "建筑工程 build,房地产开发 estate,能源 energy,环保工程 env,文化传媒 media,科技 tech,"
    "贸易 trade,智能装备 zn,自动化设备 auto,软件 soft,电气 ele,化工 chem,服饰 fashion,"
    "包装 pack,光电 opto,半导体 semi,检测技术 test,人力资源 hr"
)
#: The few characters of names and company words that Traditional script writes differently.
TRADITIONAL = _pairs(
    "华 華,东 東,创 創,汇 匯,联 聯,达 達,丰 豐,业 業,润 潤,宝 寶,诚 誠,凯 凱,腾 騰,为 為,维 維,"
    "阳 陽,桥 橋,机 機,电 電,证 證,险 險,经 經,纪 紀,资 資,赁 賃,货 貨,术 術,网 網,络 絡,数 數,"
    "据 據,务 務,医 醫,疗 療,药 藥,询 詢,应 應,链 鏈,筑 築,产 產,开 開,发 發,环 環,传 傳,车 車,"
    "远 遠,广 廣,庆 慶,宁 寧,厦 廈,苏 蘇,长 長,汉 漢,岛 島,门 門,团 團,贸 貿,软 軟,导 導,体 體,"
    "检 檢,测 測,设 設,备 備,装 裝,饰 飾,实 實,云 雲,图 圖,锐 銳,万 萬,亿 億,张 張,刘 劉,陈 陳,"
    "杨 楊,黄 黃,赵 趙,吴 吳,孙 孫,马 馬,罗 羅,郑 鄭,谢 謝,许 許,韩 韓,邓 鄧,冯 馮,伟 偉,丽 麗,"
    "强 強,军 軍,艳 艷,国 國,飞 飛,红 紅,龙 龍,颖 穎,责 責,术 術"
)
TITLES = (
    "总经理", "副总经理", "CEO", "CTO", "CIO", "信息总监", "市场总监", "销售总监", "采购总监",
    "董事长", "产品经理", "IT经理", "采购经理", "市场专员", "运营主管", "工程师", "销售经理",
    "行政主管", "数据分析师", "采购专员", "实施顾问", "信息科科长", "财务经理", "项目经理",
    "厂长",
)  # fmt: skip
NICKNAMES = (
    "小太阳", "往事随风", "平常心", "A0建材批发", "阳光总在风雨后", "Sunny", "Leo", "Kevin",
    "Amy🌸", "一叶知秋", "老猫", "静待花开", "Andy", "微信用户", "大鹏展翅", "Cici", "知足常乐",
    "jason", "云淡风轻",
)  # fmt: skip
FREE_MAIL_ZH = {
    "qq.com": 38, "163.com": 26, "126.com": 9, "foxmail.com": 6, "sina.com": 5, "139.com": 4,
    "aliyun.com": 3, "gmail.com": 6, "outlook.com": 3, "hotmail.com": 2, "yeah.net": 1,
}  # fmt: skip
ROLE_LOCALS_ZH = (
    "info", "sales", "hr", "service", "admin", "market", "office", "kefu", "zhaopin", "caigou",
    "bangongshi", "xxzx", "yxb", "cwb", "contact", "business",
)  # fmt: skip
JUNK_COMPANIES_ZH = ("无", "个人", "公司", "暂无", "1", "测试", "某公司", "没有", "保密", "-")

FIRST_NAMES = {
    "James": "Jim", "Robert": "Bob", "John": "Jack", "Michael": "Mike", "David": "Dave",
    "William": "Bill", "Richard": "Rick", "Joseph": "Joe", "Thomas": "Tom",
    "Christopher": "Chris", "Daniel": "Dan", "Matthew": "Matt", "Anthony": "Tony",
    "Steven": "Steve", "Andrew": "Andy", "Kenneth": "Ken", "Joshua": "Josh", "Edward": "Ed",
    "Ronald": "Ron", "Timothy": "Tim", "Mary": "Molly", "Patricia": "Pat", "Jennifer": "Jen",
    "Elizabeth": "Liz", "Barbara": "Barb", "Susan": "Sue", "Jessica": "Jess", "Sarah": "Sally",
    "Margaret": "Maggie", "Nancy": "Nan", "Sandra": "Sandy", "Kimberly": "Kim",
    "Deborah": "Debbie", "Rebecca": "Becky", "Laura": "Lori", "Katherine": "Kate",
    "Samantha": "Sam", "Christine": "Chris", "Victoria": "Vicky", "Abigail": "Abby",
    "Priya": "Priya", "Arjun": "Arjun", "Mohammed": "Mo", "Aisha": "Aisha", "Carlos": "Carlos",
    "Ana": "Ana", "Luca": "Luca", "Sofia": "Sofi", "Hans": "Hans", "Ingrid": "Inga",
    "Pierre": "Pierre", "Olivia": "Liv", "Emma": "Em", "Noah": "Noah", "Liam": "Liam",
    "Grace": "Grace", "Henry": "Harry",
}  # fmt: skip
LAST_NAMES = (
    "Smith", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Miller", "Davis", "Rodriguez",
    "Martinez", "Hernandez", "Lopez", "Wilson", "Anderson", "Thomas", "Taylor", "Moore",
    "Jackson", "Martin", "Lee", "Thompson", "White", "Harris", "Clark", "Lewis", "Robinson",
    "Walker", "Young", "Allen", "King", "Wright", "Scott", "Torres", "Nguyen", "Hill", "Green",
    "Adams", "Nelson", "Baker", "Hall", "Rivera", "Campbell", "Mitchell", "Carter", "Roberts",
    "O'Brien", "MacDonald", "Patel", "Singh", "Khan", "Schmidt", "Müller", "Fischer", "Weber",
    "Rossi", "Russo", "Dubois", "Moreau", "Larsen", "Nilsson", "Kowalski", "Novak", "Silva",
    "Costa", "Murphy", "Kelly", "Evans", "Edwards", "Collins", "Stewart", "Morris", "Rogers",
    "Reed", "Cook", "Morgan", "Bell", "Bailey", "Cooper", "Richardson", "Cox", "Howard", "Ward",
    "Peterson", "Gray", "Watson", "Brooks", "Sanders", "Price", "Bennett", "Wood", "Barnes",
    "Ross", "Henderson",
)  # fmt: skip
BRANDS_EN = (
    "Northwind", "Bluestone", "Silverline", "Redwood", "Ironbridge", "Brightwater", "Oakfield",
    "Summit", "Harbor", "Keystone", "Pinnacle", "Evergreen", "Cascade", "Horizon", "Meridian",
    "Atlas", "Vector", "Quantum", "Apex", "Beacon", "Crestline", "Falcon", "Granite",
    "Lakeside", "Monarch", "Nova", "Orion", "Pacific", "Quarry", "Ridge", "Sterling", "Titan",
    "Unity", "Vanguard", "Westgate", "Zenith", "Copper", "Delta", "Ember", "Fairview",
    "Gateway", "Highland", "Juniper", "Kestrel", "Lumen", "Maple", "Nimbus", "Onyx",
)  # fmt: skip
BUSINESS_EN = (
    "Manufacturing", "Logistics", "Software", "Systems", "Foods", "Pharma", "Medical", "Energy",
    "Packaging", "Consulting", "Analytics", "Robotics", "Retail", "Financial", "Insurance",
    "Textiles", "Chemicals", "Electronics", "Media", "Networks", "Engineering", "Solutions",
    "Technologies", "Industries",
)  # fmt: skip
LEGAL_EN = {"Inc.": 34, "LLC": 30, "Ltd": 22, "Corp.": 10, "GmbH": 4}
CITIES_EN = {
    "New York": "212", "San Francisco": "415", "Chicago": "312", "Boston": "617",
    "Austin": "512", "Seattle": "206", "Denver": "303", "Atlanta": "404", "Dallas": "214",
    "Portland": "503",
}  # fmt: skip
TITLES_EN = (
    "CEO", "CTO", "VP Sales", "IT Director", "Procurement Manager", "Head of Operations",
    "Engineer", "Marketing Manager", "Buyer", "Data Analyst", "Founder", "Office Manager",
    "Consultant",
)  # fmt: skip
FREE_MAIL_EN = {
    "gmail.com": 55, "outlook.com": 12, "yahoo.com": 12, "hotmail.com": 9, "icloud.com": 8,
    "googlemail.com": 1, "aol.com": 3,
}  # fmt: skip
ROLE_LOCALS_EN = (
    "info", "sales", "hello", "admin", "office", "contact", "support", "accounts", "enquiries",
    "frontdesk", "purchasing", "team",
)  # fmt: skip
JUNK_COMPANIES_EN = ("n/a", "none", "self", "-", "test", "private", "x", "unknown", "company")

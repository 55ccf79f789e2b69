"""Words the world is made of: names with their pinyin, company words, titles, mail domains."""

from __future__ import annotations

SURNAMES = {
    "王": ("wang", 7.2), "李": ("li", 7.1), "张": ("zhang", 6.8), "刘": ("liu", 5.4),
    "陈": ("chen", 4.6), "杨": ("yang", 3.1), "赵": ("zhao", 2.3), "黄": ("huang", 2.2),
    "周": ("zhou", 2.1), "吴": ("wu", 2.0), "徐": ("xu", 1.7), "孙": ("sun", 1.5),
    "胡": ("hu", 1.3), "朱": ("zhu", 1.3), "高": ("gao", 1.2), "林": ("lin", 1.2),
    "何": ("he", 1.2), "郭": ("guo", 1.1), "马": ("ma", 1.1), "罗": ("luo", 1.0),
    "梁": ("liang", 0.9), "宋": ("song", 0.8), "郑": ("zheng", 0.8), "谢": ("xie", 0.8),
    "韩": ("han", 0.7), "唐": ("tang", 0.7), "冯": ("feng", 0.7), "许": ("xu", 0.7),
    "曹": ("cao", 0.6), "彭": ("peng", 0.6), "曾": ("zeng", 0.6), "肖": ("xiao", 0.6),
    "田": ("tian", 0.5), "董": ("dong", 0.5), "欧阳": ("ouyang", 0.25), "司马": ("sima", 0.12),
    "诸葛": ("zhuge", 0.08), "上官": ("shangguan", 0.1), "令狐": ("linghu", 0.05),
}  # fmt: skip

GIVEN = {
    "伟": "wei", "芳": "fang", "娜": "na", "敏": "min", "静": "jing", "丽": "li", "强": "qiang",
    "磊": "lei", "军": "jun", "洋": "yang", "勇": "yong", "艳": "yan", "杰": "jie", "娟": "juan",
    "涛": "tao", "明": "ming", "超": "chao", "秀": "xiu", "霞": "xia", "平": "ping", "刚": "gang",
    "桂": "gui", "文": "wen", "辉": "hui", "玲": "ling", "建": "jian", "国": "guo", "华": "hua",
    "志": "zhi", "宇": "yu", "浩": "hao", "然": "ran", "子": "zi", "轩": "xuan", "晨": "chen",
    "欣": "xin", "怡": "yi", "佳": "jia", "琪": "qi", "雨": "yu", "泽": "ze", "思": "si",
    "远": "yuan", "嘉": "jia", "鑫": "xin", "博": "bo", "峰": "feng", "鹏": "peng", "凯": "kai",
    "俊": "jun", "晓": "xiao", "东": "dong", "海": "hai", "波": "bo", "宁": "ning", "青": "qing",
    "云": "yun", "飞": "fei", "红": "hong", "梅": "mei", "琳": "lin", "燕": "yan", "慧": "hui",
    "斌": "bin", "健": "jian", "龙": "long", "毅": "yi", "颖": "ying", "倩": "qian", "璐": "lu",
}  # fmt: skip

FOREIGN_NAMES = (
    "Daniel Tan", "Grace Lim", "Marcus Ong", "Rachel Ng", "Kelvin Teo", "Priya Nair", "Jason Koh",
    "Michelle Goh", "Arjun Menon", "Natalie Chua", "Benjamin Yeo", "Hannah Seah",
)  # fmt: skip

#: First and second character of a company's root name, with pinyin for its domain.
ROOT_FIRST = {
    "华": "hua", "中": "zhong", "东": "dong", "南": "nan", "恒": "heng", "鼎": "ding", "瑞": "rui",
    "金": "jin", "天": "tian", "海": "hai", "宏": "hong", "盛": "sheng", "安": "an", "德": "de",
    "嘉": "jia", "泰": "tai", "信": "xin", "联": "lian", "创": "chuang", "新": "xin", "永": "yong",
    "博": "bo", "科": "ke", "汇": "hui", "正": "zheng", "远": "yuan", "同": "tong", "光": "guang",
}  # fmt: skip
ROOT_SECOND = {
    "达": "da", "泰": "tai", "源": "yuan", "成": "cheng", "丰": "feng", "利": "li", "通": "tong",
    "宇": "yu", "业": "ye", "鑫": "xin", "辰": "chen", "润": "run", "宝": "bao", "峰": "feng",
    "林": "lin", "江": "jiang", "康": "kang", "诚": "cheng", "凯": "kai", "越": "yue", "腾": "teng",
    "昌": "chang", "为": "wei", "维": "wei", "特": "te", "隆": "long", "阳": "yang", "桥": "qiao",
}  # fmt: skip

#: Business word -> (English word for the domain, industry of the company).
BUSINESS = {
    "机械": ("machinery", "制造业"), "电子": ("electronics", "制造业"),
    "精密制造": ("precision", "制造业"), "新材料": ("materials", "制造业"),
    "汽车零部件": ("autoparts", "制造业"), "证券": ("securities", "金融"),
    "保险经纪": ("insurance", "金融"), "融资租赁": ("leasing", "金融"),
    "商业连锁": ("retail", "零售"), "百货": ("store", "零售"), "食品": ("food", "零售"),
    "信息技术": ("infotech", "软件与信息服务"), "网络科技": ("net", "软件与信息服务"),
    "数据服务": ("data", "软件与信息服务"), "医疗器械": ("medical", "医疗健康"),
    "生物医药": ("biopharma", "医疗健康"), "教育咨询": ("edu", "教育"),
    "物流": ("logistics", "物流运输"), "供应链": ("supply", "物流运输"),
    "建筑工程": ("build", "建筑"), "房地产开发": ("estate", "房地产"),
    "能源": ("energy", "能源"), "环保工程": ("env", "能源"), "文化传媒": ("media", "文化传媒"),
}  # fmt: skip
#: Industries that fit the ideal customer.
TARGET_INDUSTRIES = frozenset({"制造业", "金融", "零售", "软件与信息服务", "医疗健康"})

CITIES = {
    "北京": ("北京市", 16), "上海": ("上海市", 18), "广州": ("广东省", 9), "深圳": ("广东省", 13),
    "杭州": ("浙江省", 10), "南京": ("江苏省", 6), "苏州": ("江苏省", 6), "成都": ("四川省", 5),
    "武汉": ("湖北省", 4), "西安": ("陕西省", 3), "天津": ("天津市", 3), "重庆": ("重庆市", 3),
    "青岛": ("山东省", 2), "长沙": ("湖南省", 2), "宁波": ("浙江省", 2), "厦门": ("福建省", 1.5),
    "合肥": ("安徽省", 1.5), "郑州": ("河南省", 1.5),
}  # fmt: skip

#: Simplified -> traditional, for the characters that occur in company names here.
TRADITIONAL = {
    "华": "華", "东": "東", "鼎": "鼎", "创": "創", "汇": "匯", "联": "聯", "达": "達",
    "丰": "豐", "业": "業", "润": "潤", "宝": "寶", "诚": "誠", "凯": "凱", "腾": "騰",
    "为": "為", "维": "維", "阳": "陽", "桥": "橋", "机": "機", "电": "電", "证": "證",
    "险": "險", "经": "經", "纪": "紀", "资": "資", "赁": "賃", "连": "連", "锁": "鎖",
    "货": "貨", "术": "術", "网": "網", "络": "絡", "数": "數", "据": "據", "务": "務",
    "医": "醫", "疗": "療", "药": "藥", "询": "詢", "应": "應", "链": "鏈", "筑": "築",
    "产": "產", "开": "開", "发": "發", "环": "環", "传": "傳", "汽": "汽", "车": "車",
    "远": "遠", "兴": "興", "广": "廣", "庆": "慶", "宁": "寧", "厦": "廈", "苏": "蘇",
    "长": "長", "汉": "漢", "岛": "島", "门": "門",
}  # fmt: skip

DECISION_TITLES = {
    "总经理": 9, "副总经理": 6, "CEO": 4, "CTO": 5, "CIO": 5, "CFO": 2, "COO": 2, "VP": 2,
    "信息总监": 6, "市场总监": 5, "销售总监": 4, "采购总监": 3, "董事长": 2, "创始人": 3,
    "首席信息官": 2, "数字化负责人": 4, "副总裁": 3, "IT Director": 3, "Head of Operations": 2,
    "VP Sales": 1,
}  # fmt: skip
OTHER_TITLES = {
    "产品经理": 7, "IT经理": 9, "采购经理": 6, "市场专员": 7, "运营主管": 6, "工程师": 8,
    "销售经理": 6, "行政主管": 3, "数据分析师": 4, "采购专员": 4, "Project Coordinator": 2,
    "IT Manager": 3, "Engineer": 2, "实施顾问": 3, "信息科科长": 2,
}  # fmt: skip

FREE_MAIL = {
    "qq.com": 34, "163.com": 26, "126.com": 10, "foxmail.com": 7, "sina.com": 5, "139.com": 4,
    "aliyun.com": 4, "gmail.com": 6, "outlook.com": 4,
}  # fmt: skip
DISPOSABLE_MAIL = ("mailinator.com", "10minutemail.com", "yopmail.com")
ROLE_MAILBOXES = ("info", "sales", "hr", "service", "contact", "admin", "marketing")

OWN_DOMAIN = "xinghesoft.com"
OWN_NAME = "星河软件"
#: How people of the two competitors present themselves: company text, mail domain or None.
COMPETITOR_ENTRIES = (
    ("云帆科技", "yunfantech.com"), ("云帆科技有限公司", None), ("云帆", None),
    ("YunFan Tech", None), ("上海某咨询工作室", "yunfantech.com"),
    ("蓝鲸软件", "bluewhale-soft.com"), ("蓝鲸软件股份有限公司", None), ("蓝鲸软件", None),
    ("个人", "bluewhale-soft.com"),
)  # fmt: skip
#: Companies that only look like a competitor or like a test.
NEAR_MISS_COMPANIES = (
    ("云帆物流有限公司", "yunfanwuliu.com", "物流运输"),
    ("蓝鲸文化传媒有限公司", "lanjingmedia.com", "文化传媒"),
    ("北京测试仪器有限公司", "huaceyiqi.com", "制造业"),
    ("上海精诚测试仪器公司", "jcyiqi.com.cn", "制造业"),
)  # fmt: skip

PRODUCTS = ("营销自动化", "客户数据平台", "销售协同", "内容管理", "线索管理")

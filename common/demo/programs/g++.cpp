// What g++ compiles: little of its own, but it makes the compiler instantiate much of the C++
// library, tens of thousands of lines that nobody here wrote.
#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <iostream>
#include <list>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

namespace
{

template <int Number> struct record {
    int id = Number;
    std::string name;
    std::vector<std::pair<std::string, std::array<int, Number % 7 + 1>>> entries;
};

using value = std::variant<std::monostate, long, double, std::string, std::vector<std::string>>;

template <int Number> class store
{
  public:
    void add(const std::string &key, value what)
    {
        by_key[key] = what;
        history.emplace_back(key, std::move(what));
        newest.push_front(record<Number>{Number, key, {}});
    }

    std::optional<value> find(const std::string &key) const
    {
        auto place = by_key.find(key);
        return place == by_key.end() ? std::nullopt : std::make_optional(place->second);
    }

    std::map<int, std::set<std::string>> by_length() const
    {
        std::map<int, std::set<std::string>> result;
        for (const auto &[key, what] : by_key)
            result[static_cast<int>(key.size() + what.index())].insert(key);
        return result;
    }

    void sort()
    {
        std::stable_sort(history.begin(), history.end(),
                         [](const auto &a, const auto &b) { return a.first < b.first; });
        newest.sort([](const auto &a, const auto &b) { return a.name > b.name; });
    }

  private:
    std::unordered_map<std::string, value> by_key;
    std::deque<std::pair<std::string, value>> history;
    std::list<record<Number>> newest;
};

template <int Number> std::size_t exercise(const std::string &text)
{
    store<Number> things;
    const std::regex word("([a-z]+)-([0-9]{1,3})", std::regex::icase);
    for (std::sregex_iterator at(text.begin(), text.end(), word), end; at != end; ++at)
        things.add(at->str(1), std::stol(at->str(2)));
    things.sort();
    std::ostringstream out;
    for (const auto &[length, keys] : things.by_length())
        out << length << ':' << std::accumulate(keys.begin(), keys.end(), std::string());
    std::function<std::size_t(const std::string &)> hash = std::hash<std::string>();
    return hash(out.str()) + (things.find("x") ? 1 : 0);
}

template <int... Numbers>
std::size_t exercise_all(const std::string &text, std::integer_sequence<int, Numbers...>)
{
    return (exercise<Numbers>(text) + ... + 0);
}

} // namespace

int main()
{
    std::cout << exercise_all("one-1 two-22 three-333", std::make_integer_sequence<int, COPIES>())
              << '\n';
}

{{ config(enabled=var('min_cell') | int <= 1) }}

-- The comments under posts of a kind are the same in top_posts and in content_type_distribution.
select distribution.content_type, distribution.comments, sum(posts.comments) as comments_of_posts
from {{ ref('content_type_distribution') }} as distribution
full join {{ ref('top_posts') }} as posts on posts.content_type = distribution.content_type
group by distribution.content_type, distribution.comments
having distribution.comments is distinct from coalesce(sum(posts.comments), 0)
